#pragma once
#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <taxon/io/text_lines.hpp>

namespace taxon::eval {

/// Tab-separated values below a header line that names the columns. There is no quoting: quotes are text. Blank lines
/// are skipped, except in a table of one column, where one that is not at the end is an empty cell.
class Tsv {
  public:
    /// Throws as `for_each_line_of` does, Fault::missing for an empty file, ::duplicate for a repeated column name,
    /// ::limit for more than limits.table_rows, and ::syntax, with the line, for a line whose number of cells differs
    /// from the header's.
    static Tsv read(const std::filesystem::path& path, const Limits& limits = {}) {
        Tsv table;
        table.file_ = path.string();
        table.text_ = io::read_text(path, limits);
        try {
            io::for_each_line(
                table.text_, [&](std::size_t index, std::string_view line) { table.add(index, line, limits); }, limits);
        } catch (const Error& error) { throw error.in_file(table.file_); }
        if (table.names_.empty())
            throw Error(Fault::missing,
                        {.file = table.file_, .found = "an empty file", .wanted = "a line with the columns' names"});
        return table;
    }

    std::size_t rows() const { return starts_.size(); }
    const std::vector<std::string>& names() const { return names_; }

    /// All cells of a column, from the top. Throws Fault::missing, listing the names that exist.
    std::vector<std::string> column(std::string_view name) const {
        const auto found = std::find(names_.begin(), names_.end(), name);
        if (found == names_.end()) {
            std::string all;
            for (const std::string& known : names_) all += (all.empty() ? "'" : ", '") + known + "'";
            throw Error(Fault::missing, {.file = file_,
                                         .place = "header",
                                         .found = "no column '" + std::string(name) + "'",
                                         .wanted = "one of " + all});
        }
        std::vector<std::string> cells;
        cells.reserve(rows());
        for (const std::size_t start : starts_) {
            std::string_view line = line_at(start);
            for (auto before = names_.begin(); before != found; ++before) line.remove_prefix(line.find('\t') + 1);
            cells.emplace_back(line.substr(0, line.find('\t')));
        }
        return cells;
    }

    /// The place of a row in the file, for errors: "line 12".
    std::string place(std::size_t row) const {
        const auto start = text_.begin() + static_cast<std::ptrdiff_t>(starts_[row]);
        return io::line_place(static_cast<std::size_t>(std::count(text_.begin(), start, '\n')));
    }

  private:
    void add(std::size_t index, std::string_view line, const Limits& limits) {
        if (names_.empty()) return add_heading(index, line);
        if (line.empty() && names_.size() > 1) return;
        const auto refuse = [&](Fault fault, std::string found, std::string wanted) {
            throw Error(fault,
                        {.place = io::line_place(index), .found = std::move(found), .wanted = std::move(wanted)});
        };
        if (const auto count = static_cast<std::size_t>(std::count(line.begin(), line.end(), '\t')) + 1;
            count != names_.size())
            refuse(Fault::syntax, std::to_string(count) + " columns",
                   std::to_string(names_.size()) + ", as in the header");
        if (starts_.size() == limits.table_rows)
            refuse(Fault::limit, "one more row", "at most " + std::to_string(limits.table_rows));
        starts_.push_back(static_cast<std::size_t>(line.data() - text_.data()));
    }

    void add_heading(std::size_t index, std::string_view line) {
        if (line.empty()) return;
        for (std::size_t end = line.find('\t'); end != line.npos; end = line.find('\t')) {
            names_.emplace_back(line.substr(0, end));
            line.remove_prefix(end + 1);
        }
        names_.emplace_back(line);
        auto sorted = names_;
        std::sort(sorted.begin(), sorted.end());
        if (const auto twice = std::adjacent_find(sorted.begin(), sorted.end()); twice != sorted.end())
            throw Error(
                Fault::duplicate,
                {.place = io::line_place(index), .found = "column '" + *twice + "' twice", .wanted = "each name once"});
    }

    std::string_view line_at(std::size_t start) const {
        std::string_view line = std::string_view(text_).substr(start);
        line = line.substr(0, line.find('\n'));
        if (line.ends_with('\r')) line.remove_suffix(1);
        return line;
    }

    std::string file_, text_;
    std::vector<std::string> names_;
    std::vector<std::size_t> starts_;  ///< of the rows, in the text
};

}  // namespace taxon::eval
