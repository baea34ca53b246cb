#pragma once
#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <taxon/io/text_lines.hpp>

namespace taxon::eval {

/// Tab-separated values below a heading that names the columns. There is no quoting: quotes are text.
class Tsv {
  public:
    /// Throws as `read_lines` does, Fault::missing for an empty file, ::duplicate for a repeated column name, and
    /// ::syntax, with the line, for a line whose number of cells differs from the heading's; an empty line has one
    /// empty cell.
    static Tsv read(const std::filesystem::path& path) {
        Tsv table;
        table.file_ = path.string();
        table.lines_ = read_lines(path);
        if (table.lines_.empty())
            throw Error(Fault::missing,
                        {.file = table.file_, .found = "an empty file", .wanted = "a line with the columns' names"});
        table.names_ = cells_of(table.lines_.front());
        for (auto name = table.names_.begin(); name != table.names_.end(); ++name)
            if (std::find(table.names_.begin(), name, *name) != name)
                throw Error(Fault::duplicate, {.file = table.file_,
                                               .place = line_place(0),
                                               .found = "column '" + *name + "' twice",
                                               .wanted = "each name once"});
        for (std::size_t i = 1; i < table.lines_.size(); ++i)
            if (const auto count =
                    static_cast<std::size_t>(std::count(table.lines_[i].begin(), table.lines_[i].end(), '\t')) + 1;
                count != table.names_.size())
                throw Error(Fault::syntax, {.file = table.file_,
                                            .place = line_place(i),
                                            .found = std::to_string(count) + " columns",
                                            .wanted = std::to_string(table.names_.size()) + ", as in the heading"});
        return table;
    }

    std::size_t rows() const { return lines_.size() - 1; }
    const std::vector<std::string>& names() const { return names_; }

    /// All cells of a column, from the top. Throws Fault::missing, listing the names that exist.
    std::vector<std::string> column(std::string_view name) const {
        const auto found = std::find(names_.begin(), names_.end(), name);
        if (found == names_.end()) {
            std::string all;
            for (const std::string& known : names_) all += (all.empty() ? "'" : ", '") + known + "'";
            throw Error(Fault::missing, {.file = file_,
                                         .place = line_place(0),
                                         .found = "no column '" + std::string(name) + "'",
                                         .wanted = "one of " + all});
        }
        const auto index = static_cast<std::size_t>(found - names_.begin());
        std::vector<std::string> cells;
        for (std::size_t i = 1; i < lines_.size(); ++i) cells.push_back(cells_of(lines_[i])[index]);
        return cells;
    }

  private:
    static std::vector<std::string> cells_of(std::string_view line) {
        std::vector<std::string> cells;
        for (std::size_t end = line.find('\t'); end != line.npos; end = line.find('\t')) {
            cells.emplace_back(line.substr(0, end));
            line.remove_prefix(end + 1);
        }
        cells.emplace_back(line);
        return cells;
    }

    std::string file_;
    std::vector<std::string> lines_, names_;
};

}  // namespace taxon::eval
