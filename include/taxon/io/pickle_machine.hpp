#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>
#include <taxon/io/byte_reader.hpp>
#include <taxon/io/pickle.hpp>
#include <taxon/io/pickle_builder.hpp>
#include <taxon/io/utf8.hpp>
#include <utility>

namespace taxon::io {

/// Interprets a pickle program (protocols 2 to 5, the opcodes of CPython's pickletools) into a graph of values. It
/// executes nothing: names stay names and calls stay calls. Time and memory are linear in the program's size (see
/// MemoryBudget), and there is no recursion.
class PickleMachine {
  public:
    /// Runs the program at the reader's position and leaves the reader after its STOP.
    static Pickle run(ByteReader& reader, const Limits& limits = {}) {
        PickleMachine machine(reader, limits);
        while (!machine.stopped_) machine.step();
        return machine.values_.finish();
    }

  private:
    using Kind = PickleKind;

    PickleMachine(ByteReader& reader, const Limits& limits)
        : reader_(reader), limits_(limits), values_(reader, limits), start_(reader.position()) {
        if (reader.byte() != 0x80)
            fail(Fault::syntax, "no protocol number", "a pickle of protocol 2 to 5, which starts with one");
        if (const int protocol = reader.byte(); protocol < 2 || protocol > 5)
            fail(Fault::version, "pickle protocol " + std::to_string(protocol), "2 to 5");
    }

    void step() {
        const std::size_t begin = offset();
        if (begin >= limits_.pickle_bytes)
            fail(Fault::limit, "a longer pickle", "at most " + std::to_string(limits_.pickle_bytes) + " bytes");
        execute(reader_.byte());
        if (begin < frame_end_ && offset() > frame_end_)
            fail(Fault::syntax, "an opcode that passes its frame's end", "frames between opcodes");
    }

    void execute(int opcode) {
        switch (opcode) {
            case '.': return void(stopped_ = true);
            case '(': return values_.mark();
            case 'N': return values_.push(Pickle::nothing);
            case 0x88: return values_.push_scalar(Kind::boolean, 1);
            case 0x89: return values_.push_scalar(Kind::boolean, 0);
            case 'J': return push_integer(static_cast<std::int32_t>(reader_.little<std::uint32_t>()));
            case 'K': return push_integer(reader_.byte());
            case 'M': return push_integer(reader_.little<std::uint16_t>());
            case 0x8A: return push_long(reader_.byte());
            case 0x8B: return push_long(signed_length());
            case 'G': return values_.push_scalar(Kind::real, big_endian_u64());
            case 'X': return push_text(reader_.little<std::uint32_t>());
            case 0x8C: return push_text(reader_.byte());
            case 0x8D: return push_text(reader_.little<std::uint64_t>());
            case 'U': return push_text(reader_.byte());
            case 'T': return push_text(signed_length());
            case 'B': return push_bytes(reader_.little<std::uint32_t>());
            case 'C': return push_bytes(reader_.byte());
            case 0x8E:
            case 0x96: return push_bytes(reader_.little<std::uint64_t>());
            case '}': return values_.push(values_.make(Kind::dict));
            case ']': return values_.push(values_.make(Kind::list));
            case 0x8F: return values_.push(values_.make(Kind::set));
            case ')': return values_.push_tuple({});
            case 0x85: return values_.push_tuple(values_.pop(1));
            case 0x86: return values_.push_tuple(values_.pop(2));
            case 0x87: return values_.push_tuple(values_.pop(3));
            case 't': return values_.push_tuple(values_.pop_to_mark());
            case 'q': return values_.memoize(reader_.byte());
            case 'r': return values_.memoize(reader_.little<std::uint32_t>());
            case 0x94: return values_.memoize_next();
            case 'h': return values_.recall(reader_.byte());
            case 'j': return values_.recall(reader_.little<std::uint32_t>());
            case 'a': return values_.append(values_.pop(1));
            case 'e': return values_.append(values_.pop_to_mark());
            case 's': return values_.set_items(values_.pop(2));
            case 'u': return values_.set_items(values_.pop_to_mark());
            case 0x90: return values_.add_items(values_.pop_to_mark());
            case 0x91: return values_.freeze(values_.pop_to_mark());
            case 'c': return push_global();
            case 0x93: return values_.push_name(values_.pop(2));
            case 'R': return values_.push_call(Kind::call, values_.pop(2));
            case 0x81: return values_.push_call(Kind::object, values_.pop(2));
            case 0x92: return values_.push_call(Kind::object, values_.drop_keywords(values_.pop(3)));
            case 'b': return values_.build(values_.pop(1));
            case 'Q': return values_.push_persistent(values_.pop(1));
            case 0x95: return begin_frame(reader_.little<std::uint64_t>());
            case 0x80: fail(Fault::syntax, "a second protocol number", "one, at the start");
            default: fail(Fault::forbidden, "opcode " + std::to_string(opcode), "one of those that torch.save writes");
        }
    }

    // ---- numbers, strings and names

    void push_integer(std::int64_t number) { values_.push_scalar(Kind::integer, static_cast<std::uint64_t>(number)); }

    void push_long(std::uint64_t length) {
        const auto digits = reader_.take(length);
        if (length > 8) return values_.push(values_.make(Kind::big_integer));
        std::uint64_t number = 0;
        for (std::size_t i = 0; i < digits.size(); ++i) number |= std::to_integer<std::uint64_t>(digits[i]) << (8 * i);
        const bool negative = !digits.empty() && (std::to_integer<unsigned>(digits.back()) & 0x80u) != 0;
        if (negative && length < 8) number |= ~std::uint64_t{0} << (8 * length);
        values_.push_scalar(Kind::integer, number);
    }

    void push_text(std::uint64_t length) {
        const auto characters = reader_.take(length);
        if (!is_utf8(as_text(characters))) fail(Fault::encoding, "a string that is not UTF-8", "UTF-8");
        values_.push_view(Kind::text, characters);
    }

    void push_bytes(std::uint64_t length) { values_.push_view(Kind::bytes, reader_.take(length)); }

    void push_global() {
        for (int part = 0; part < 2; ++part) {
            const std::string_view line = reader_.line(limits_.name_bytes);
            if (!is_utf8(line)) fail(Fault::encoding, "a name that is not UTF-8", "UTF-8");
            values_.push_view(Kind::text, std::as_bytes(std::span(line)));
        }
        values_.push_name(values_.pop(2));
    }

    std::uint64_t signed_length() {
        const auto length = static_cast<std::int32_t>(reader_.little<std::uint32_t>());
        if (length < 0) fail(Fault::syntax, "a length of " + std::to_string(length), "0 or more");
        return static_cast<std::uint64_t>(length);
    }

    std::uint64_t big_endian_u64() {
        std::uint64_t number = 0;
        for (int i = 0; i < 8; ++i) number = number << 8 | reader_.byte();
        return number;
    }

    void begin_frame(std::uint64_t length) {
        if (offset() < frame_end_) fail(Fault::syntax, "a frame in a frame", "frames one after the other");
        if (length > reader_.left())
            fail(Fault::syntax, "a frame that passes the pickle's end", "at most the bytes left");
        frame_end_ = offset() + static_cast<std::size_t>(length);
    }

    std::size_t offset() const { return reader_.position() - start_; }

    [[noreturn]] void fail(Fault fault, std::string_view found, std::string_view wanted) const {
        throw Error(fault, {.place = reader_.place(), .found = found, .wanted = wanted});
    }

    ByteReader& reader_;
    const Limits& limits_;
    PickleBuilder values_;
    std::size_t start_;
    std::size_t frame_end_ = 0;
    bool stopped_ = false;
};

/// A pickle that fills `program` entirely. `place` names it in errors.
inline Pickle read_pickle(std::span<const std::byte> program, std::string_view place, const Limits& limits = {}) {
    ByteReader reader(program, place);
    Pickle pickle = PickleMachine::run(reader, limits);
    if (reader.left() != 0)
        throw Error(Fault::unused, {.place = reader.place(),
                                    .found = std::to_string(reader.left()) + " bytes after the pickle",
                                    .wanted = "nothing"});
    return pickle;
}

}  // namespace taxon::io
