#include <taxon/io/pickle_machine.hpp>

#include <algorithm>
#include <limits>
#include <list>
#include <utility>

#include "catch.hpp"
#include "io/bad_input.hpp"
#include "io/checkpoint_writer.hpp"

using namespace taxon;
using namespace taxon::test;
using namespace taxon::test::pickled;
using io::Pickle;
using io::PickleKind;

namespace {

/// The programs are kept, since what is read looks into them.
Pickle read(const std::string& program) {
    static std::list<std::string> kept;
    return io::read_pickle(as_span(kept.emplace_back(program)), "data.pkl");
}

std::string repeated(std::string_view part, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all += part;
    return all;
}

}  // namespace

TEST_CASE("PickleMachine reads each kind of constant") {
    const auto only = [](const std::string& value) { return read(program(value)); };
    CHECK(only(none).kind(only(none).root()) == PickleKind::none);
    CHECK(only(yes).boolean(only(yes).root()));
    CHECK_FALSE(only(no).boolean(only(no).root()));

    const std::pair<std::string, std::int64_t> integers_[] = {
        {integer(-1), -1},
        {"K\xFF", 255},
        {"M\x01\x02", 0x201},
        {std::string("\x8A\x00", 2), 0},
        {"\x8A\x01\xFF", -1},
        {"\x8A\x02\xFF\x7F", 0x7FFF},
        {integer(std::int64_t{1} << 40), std::int64_t{1} << 40},
        {"\x8B" + little(1, 4) + "\x80", -128},
        {integer(std::numeric_limits<std::int64_t>::min()), std::numeric_limits<std::int64_t>::min()}};
    for (const auto& [ops, number] : integers_) {
        const Pickle pickle = only(ops);
        CHECK(pickle.kind(pickle.root()) == PickleKind::integer);
        CHECK(pickle.integer(pickle.root()) == number);
    }
    const Pickle big = only("\x8A\x09" + std::string(9, '\x7F'));
    CHECK(big.kind(big.root()) == PickleKind::big_integer);
    const Pickle half = only(real(std::string("\x3F\xE0\0\0\0\0\0\0", 8)));
    CHECK(half.real(half.root()) == 0.5);

    for (const std::string& ops :
         {text("a\xC3\xA4"), "\x8C\x03" + std::string("a\xC3\xA4"), "\x8D" + little(3, 8) + "a\xC3\xA4",
          "U\x03" + std::string("a\xC3\xA4"), "T" + little(3, 4) + "a\xC3\xA4"}) {
        const Pickle pickle = only(ops);
        CHECK(pickle.kind(pickle.root()) == PickleKind::text);
        CHECK(pickle.text(pickle.root()) == "a\xC3\xA4");
    }
    for (const std::string& ops : {"B" + little(2, 4) + "\xFF\xFE", "C\x02" + std::string("\xFF\xFE"),
                                   "\x8E" + little(2, 8) + "\xFF\xFE", "\x96" + little(2, 8) + "\xFF\xFE"}) {
        const Pickle pickle = only(ops);
        CHECK(pickle.kind(pickle.root()) == PickleKind::bytes);
        CHECK(pickle.text(pickle.root()) == "\xFF\xFE");
    }
}

TEST_CASE("PickleMachine builds containers and keeps the order") {
    const Pickle tuple_ = read(program(tuple({integer(1), none, integer(3)})));
    REQUIRE(tuple_.tuple(tuple_.root()).size() == 3);
    CHECK(tuple_.integer(tuple_.tuple(tuple_.root())[2]) == 3);
    for (const std::string ops : {")", "N\x85", "NN\x86", "NNN\x87"}) {
        const Pickle pickle = read(program(ops));
        CHECK(pickle.kind(pickle.root()) == PickleKind::tuple);
        CHECK(pickle.tuple(pickle.root()).size() == static_cast<std::size_t>(std::count(ops.begin(), ops.end(), 'N')));
    }

    const Pickle list_ = read(program("](" + integer(1) + integer(2) + "e" + integer(3) + "a"));
    REQUIRE(list_.items(list_.root()).size() == 3);
    CHECK(list_.integer(list_.items(list_.root())[2]) == 3);

    const Pickle dict_ = read(program(dict({text("a"), integer(1)}) + text("b") + integer(2) + "s"));
    CHECK(dict_.integer(*dict_.find(dict_.root(), "b")) == 2);
    CHECK_FALSE(dict_.find(dict_.root(), "c"));
    const Pickle mixed = read(program(dict({integer(1), integer(3), text("a"), integer(2)})));
    CHECK(mixed.integer(*mixed.find(mixed.root(), "a")) == 2);
    const Pickle deque_ = read(program(call(name("collections", "deque"), {}) + "(" + integer(5) + "e"));
    REQUIRE(deque_.items(deque_.root()).size() == 1);
    CHECK(deque_.integer(deque_.items(deque_.root())[0]) == 5);
    const Pickle object_with_items = read(program(name("m", "C") + ")\x81(" + text("k") + integer(4) + "u"));
    CHECK(object_with_items.items(object_with_items.root()).size() == 2);

    for (const std::string& ops : {"\x8F(" + integer(1) + "\x90", "(" + integer(1) + "\x91"}) {
        const Pickle set_ = read(program(ops));
        CHECK(set_.kind(set_.root()) == PickleKind::set);
        CHECK(set_.items(set_.root()).size() == 1);
    }
}

TEST_CASE("PickleMachine turns names and calls into values and runs nothing") {
    const Pickle call_ = read(program(call(name("os", "system"), {text("exit 1")})));  // P05
    CHECK(call_.kind(call_.root()) == PickleKind::call);
    CHECK(call_.full_name(call_.root()) == "os.system");
    CHECK(call_.text(call_.tuple(call_.arguments(call_.root()))[0]) == "exit 1");

    const Pickle object_ = read(program(object(name("a.b", "C.D"), dict({text("x"), integer(1)})), 2));
    CHECK(object_.kind(object_.root()) == PickleKind::object);
    CHECK(object_.full_name(object_.root()) == "a.b.C.D");
    CHECK(object_.find(object_.state(object_.root()), "x"));

    const Pickle stacked = read(program(text("m") + text("f") + "\x93)R", 4));  // P06
    CHECK(stacked.full_name(stacked.root()) == "m.f");
    const Pickle keywords = read(program(name("m", "C") + ")}\x92", 4));
    CHECK(keywords.kind(keywords.root()) == PickleKind::object);
    const Pickle persistent_ = read(program(text("id") + "Q"));
    CHECK(persistent_.text(persistent_.identity(persistent_.root())) == "id");
}

TEST_CASE("PickleMachine shares what the memo gives") {
    const Pickle shared = read(program("](K\x07q" + std::string(1, '\0') + "h" + std::string(1, '\0') + "e"));
    const auto items = shared.items(shared.root());
    REQUIRE(items.size() == 2);
    CHECK(items[0] == items[1]);
    const Pickle numbered = read(program("(K\x07\x94]\x94j" + little(0, 4) + "at", 4));
    CHECK(numbered.items(numbered.tuple(numbered.root())[1])[0] == numbered.tuple(numbered.root())[0]);
    const Pickle python2 = read(program("](K\x07q\x01K\x08q\x02h\x01" + std::string("e")));  // cPickle counts from 1
    CHECK(python2.items(python2.root()).size() == 3);
}

TEST_CASE("PickleMachine's work does not grow with what sharing stands for") {
    // P43: each of 200 lists holds the one before twice; 2^200 leaves.
    std::string doubling = "]q" + std::string(1, '\0');
    for (int i = 0; i < 200; ++i)
        doubling += "](h" + std::string(1, static_cast<char>(i)) + "h" + std::string(1, static_cast<char>(i)) + "eq" +
                    std::string(1, static_cast<char>(i + 1));
    // All lists stay on the stack, so they are gathered in one.
    const Pickle doubled = read(program("](" + doubling + "e"));
    CHECK(doubled.size() < 300);

    const Pickle cycle = read(program("]q" + std::string(1, '\0') + "h" + std::string(1, '\0') + "a"));  // P36
    CHECK(cycle.items(cycle.root())[0] == cycle.root());
}

TEST_CASE("PickleMachine follows frames") {
    const Pickle framed = read("\x80\x04\x95" + little(3, 8) + "K\x07.");
    CHECK(framed.integer(framed.root()) == 7);
}

TEST_CASE("PickleMachine refuses each bad program with its own fault") {
    const std::string memo_limit = program(none + "r" + little(0xFFFFFFFFu, 4));
    const std::vector<BadInput> rows{
        {"P01 empty", "", Fault::truncated, "data.pkl, byte 0"},
        {"P01 no STOP", "\x80\x02N", Fault::truncated, "data.pkl, byte 3"},
        {"P02 STOP on an empty stack", program(""), Fault::syntax, "data.pkl, byte 3"},
        {"P02 REDUCE on an empty stack", program("R"), Fault::syntax, "data.pkl, byte 3"},
        {"P02 TUPLE3 of two", program("NN\x87"), Fault::syntax, "data.pkl, byte 5"},
        {"P02 TUPLE without MARK", program("Nt"), Fault::syntax, "data.pkl, byte 4"},
        {"P02 SETITEMS without MARK", program("}NNu"), Fault::syntax, "data.pkl, byte 6"},
        {"P02 SETITEMS without dict", program("(NNu"), Fault::syntax, "data.pkl, byte 6"},
        {"P02 a value below the mark", program("N(\x85"), Fault::syntax, "data.pkl, byte 5"},
        {"P02 PUT on an empty stack", program("q" + std::string(1, '\0')), Fault::syntax, "data.pkl, byte 4"},
        {"P03 unset memo", program("h\x05"), Fault::syntax, "data.pkl, byte 4"},
        {"P03 skipped memo", program("Nq\x01h" + std::string(1, '\0') + "\x86"), Fault::syntax, "data.pkl, byte 7"},
        {"P04 opcode FF", program("\xFF"), Fault::forbidden, "data.pkl, byte 3"},
        {"P28 length past the end", program("X" + little(0xFFFFFFFFu, 4) + "abc"), Fault::truncated,
         "data.pkl, byte 7"},
        {"P28 eight-byte length past the end", program("\x8D" + little(~std::uint64_t{0}, 8) + "abc"), Fault::truncated,
         "data.pkl, byte 11"},
        {"P28 bytes past the end", program("\x8E" + little(~std::uint64_t{0} >> 1, 8) + "abc"), Fault::truncated,
         "data.pkl, byte 11"},
        {"P29 not UTF-8", program(text("\xFF")), Fault::encoding, "data.pkl, byte 8"},
        {"P29 name not UTF-8", program(name("a", "\xC0\x80")), Fault::encoding, "data.pkl, byte 8"},
        {"P30 surrogate", program(text("\xED\xA0\x80")), Fault::encoding, "data.pkl, byte 10"},
        {"P32 odd SETITEMS", program("}(N" + text("a") + none + "u"), Fault::syntax, "data.pkl, byte 13"},
        {"P33 SETITEMS on a list", program("](NNu"), Fault::type, "data.pkl, byte 7"},
        {"P33 SETITEM on a tuple", program(")NNs"), Fault::type, "data.pkl, byte 6"},
        {"P33 SETITEMS on a tensor", program(tensor() + "(NNu"), Fault::type, "data.pkl, byte 156"},
        {"P34 APPEND to a tuple", program(")Na"), Fault::type, "data.pkl, byte 5"},
        {"P34 ADDITEMS to a list", program("](N\x90"), Fault::type, "data.pkl, byte 6"},
        {"P35 a list as key", program("}(]Nu"), Fault::type, "data.pkl, byte 7"},
        {"P37 bytes after STOP", program(none) + "x", Fault::unused, "data.pkl, byte 4"},
        {"P38 protocol 9", program(none, 9), Fault::version, "data.pkl, byte 2"},
        {"P38 protocol 1", program(none, 1), Fault::version, "data.pkl, byte 2"},
        {"P38 protocol twice", program("\x80\x02N"), Fault::syntax, "data.pkl, byte 3"},
        {"P38 no protocol", "N.", Fault::syntax, "data.pkl, byte 1"},
        {"P39 far memo slot", memo_limit, Fault::limit, "data.pkl, byte 8"},
        {"P41 negative length", program("\x8B" + little(0xFFFFFFFFu, 4)), Fault::syntax, "data.pkl, byte 7"},
        {"P41 negative string length", program("T" + little(0xFFFFFFFFu, 4)), Fault::syntax, "data.pkl, byte 7"},
        {"P42 200,000 nested tuples", program(")" + repeated("\x85", 200000)), Fault::limit, "data.pkl, byte 259"},
        {"P42 nested lists", program(repeated("](", 1000) + none + repeated("e", 1000)), Fault::limit,
         "data.pkl, byte 2260"},
        {"P42 100,000 marks", program(repeated("(", 100000)), Fault::limit, "data.pkl, byte 1027"},
        {"P46 EXT1", program("\x82\x01"), Fault::forbidden, "data.pkl, byte 3"},
        {"P46 INST", program("(ios\nsystem\n"), Fault::forbidden, "data.pkl, byte 4"},
        {"P46 OBJ", program("(" + name("os", "system") + "o"), Fault::forbidden, "data.pkl, byte 15"},
        {"P46 POP", program("NN0"), Fault::forbidden, "data.pkl, byte 5"},
        {"P46 POP_MARK", program("N(N1"), Fault::forbidden, "data.pkl, byte 6"},
        {"P46 DUP", program("N2\x86"), Fault::forbidden, "data.pkl, byte 4"},
        {"P46 protocol 0 integer", program("I7\n"), Fault::forbidden, "data.pkl, byte 3"},
        {"P46 protocol 0 string", program("S'a'\n"), Fault::forbidden, "data.pkl, byte 3"},
        {"P46 protocol 0 persistent id", program("Pid\n"), Fault::forbidden, "data.pkl, byte 3"},
        {"P46 out-of-band buffer", program("\x97"), Fault::forbidden, "data.pkl, byte 3"},
        {"P48 open mark", program("N("), Fault::syntax, "data.pkl, byte 5"},
        {"P48 two values", program("NN"), Fault::syntax, "data.pkl, byte 5"},
        {"P49 frame past the end", "\x80\x04\x95" + little(100, 8) + "N.", Fault::syntax, "data.pkl, byte 11"},
        {"P49 frame of 2^64 - 1", "\x80\x04\x95" + little(~std::uint64_t{0}, 8) + "N.", Fault::syntax,
         "data.pkl, byte 11"},
        {"P49 argument across a frame's end", "\x80\x04\x95" + little(2, 8) + "M\1\2.", Fault::syntax,
         "data.pkl, byte 14"},
        {"P49 frame in a frame", "\x80\x04\x95" + little(12, 8) + "N\x95" + little(1, 8) + "..", Fault::syntax,
         "data.pkl, byte 21"},
        {"P50 name without end of line",
         "\x80\x02"
         "cos",
         Fault::truncated, "data.pkl, byte 3"},
        {"P50 endless name",
         "\x80\x02"
         "c" +
             std::string(1000, 'x'),
         Fault::limit, "data.pkl, byte 3"},
        {"P57 ten million values", program(repeated("N", 10'000'000)), Fault::limit, "data.pkl, byte 1000003"},
        {"P57 ten million nodes", program("](" + repeated(repeated("]", 100) + "ta(", 100'000) + "e"), Fault::limit,
         "data.pkl"},
        {"a set as a key", program("}(\x8FNu"), Fault::type, "data.pkl, byte 7"},
        {"call of a number", program("N)R"), Fault::type, "data.pkl, byte 5"},
        {"arguments that are not a tuple", program(name("a", "b") + "]R"), Fault::type, "data.pkl, byte 9"},
        {"state for a list", program("]}b"), Fault::type, "data.pkl, byte 5"},
        {"a second state", program(object(name("a", "b"), "}") + "}b"), Fault::syntax, "data.pkl, byte 13"},
        {"a name of numbers", program("NN\x93"), Fault::type, "data.pkl, byte 5"},
        {"keywords that are no dict", program(name("a", "b") + ")]\x92"), Fault::type, "data.pkl, byte 10"},
    };
    for (const BadInput& row : rows) check_refused(row, [&] { read(row.bytes); });
}

TEST_CASE("PickleMachine accepts no prefix of a program") {
    const std::string whole =
        program(dict({text("w"), tensor(), text("n"), list({integer(1), real("12345678"), none})}));
    CHECK(read(whole).size() > 10);
    for (std::size_t length = 0; length < whole.size(); ++length)
        REQUIRE(spelt(fault_of([&] { read(whole.substr(0, length)); })) == spelt(Fault::truncated));
}
