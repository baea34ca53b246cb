#pragma once
#include <algorithm>
#include <string>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/output_file.hpp>
#include <taxon/app/console/wording.hpp>
#include <taxon/app/inspect/contents.hpp>
#include <taxon/app/model/options.hpp>
#include <taxon/app/program/verb.hpp>

namespace taxon::app {

/// Lists the contents of a weight file, without a network.
struct Inspect final : Verb {
    std::string file, key;
    ReportOptions report;

    CLI::App* add(CLI::App& program, const Family&) override {
        auto* verb = add_verb(program, "inspect", "List the contents of a weight file; needs no network");
        verb->add_option("file", file,
                         "A .pth, .pt or .bin checkpoint, .safetensors or its index, a folder in Hugging Face layout, "
                         "Darknet's .weights, or an offline .taxon file")
            ->required()
            ->type_name("FILE");
        add_weights_key_option(*verb, key);
        add_report_options(*verb, report);
        return verb;
    }

    int run(const Program&, Console& console) const override {
        require_outputs({report.file()}, {{"the input", file}});
        const Json contents = contents_of(file, key);
        print_result(report, console, readable(contents), [&] { return contents; });
        return 0;
    }

  private:
    static std::string readable(const Json& contents) {
        const auto text_of = [](const Json& json) {
            return printable(json.is_string() ? json.get<std::string>() : json.dump());
        };
        std::string text = fmt::format("{}: {}, {}\n", printable(contents.at("file").get<std::string>()),
                                       contents.at("format").get<std::string>(),
                                       readable_bytes(contents.at("bytes").get<std::int64_t>()));
        for (const char* group : {"metadata", "config"})
            if (contents.contains(group))
                for (const auto& [key, value] : contents.at(group).items())
                    text += fmt::format("{}: {}\n", printable(key), text_of(value));
        for (const char* list : {"sections", "tensors"})
            if (contents.contains(list)) text += table(contents.at(list));
        if (contents.contains("tensors"))
            text += plural(static_cast<std::int64_t>(contents.at("tensors").size()), "tensor") + ", ";
        if (contents.contains("remarks"))
            for (const Json& remark : contents.at("remarks")) text += printable(remark.get<std::string>()) + "\n";
        if (contents.contains("numbers")) text += plural(contents.at("numbers").get<std::int64_t>(), "number") + "\n";
        return text;
    }

    /// One line each: name, type and shape if it has them, bytes.
    static std::string table(const Json& rows) {
        std::string text;
        std::size_t widest = 0;
        const auto name = [](const Json& row) { return printable(row.at("name").get<std::string>()); };
        for (const Json& row : rows) widest = std::max(widest, name(row).size());
        for (const Json& row : rows)
            text +=
                fmt::format("{:<{}}  {:<9} {:<20} {:>12}\n", name(row), widest, row.value("dtype", ""),
                            row.contains("shape") ? row.at("shape").dump() : "", row.at("bytes").get<std::int64_t>());
        return text;
    }
};

}  // namespace taxon::app
