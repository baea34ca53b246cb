#pragma once
#include <taxon/app/model/offline_model.hpp>

/// Definitions for offline_model.hpp, compiled once for all kinds of programs.
namespace taxon::app {

bool OfflineModel::is_meant(const std::filesystem::path& path) {
    std::error_code unknown;
    // opening a pipe would wait for its writer
    if (!std::filesystem::is_regular_file(path, unknown)) return false;
    std::string start(io::offline::magic.size(), '\0');
    std::ifstream(path, std::ios::binary).read(start.data(), static_cast<std::streamsize>(start.size()));
    return start == io::offline::magic || start.substr(1, 3) == io::offline::magic.substr(1, 3);
}

OfflineModel::OfflineModel(const std::filesystem::path& path)
    : file_(std::make_shared<const io::OfflineFile>(io::OfflineFile::open(path))) {
    if (file_->contains(facts_section)) facts_ = read_facts(facts_json(), path);
    if (!facts_ && file_->contains(vocabulary_section))
        throw Error(Fault::missing, {.file = path.string(),
                                     .place = "section 'facts'",
                                     .found = "none, but a section 'vocabulary'",
                                     .wanted = "the facts that gen writes beside it",
                                     .remedy = "write the file again with gen"});
}

Json OfflineModel::facts_json() const {
    if (!file_->contains(facts_section)) return Json::object();
    try {
        return JsonBuilder::read(text_of(facts_section), "section 'facts'");
    } catch (const Error& error) { throw error.in_file(path()); }
}

std::vector<std::string> OfflineModel::labels() const {
    std::vector<std::string> names;
    try {
        io::for_each_line(text_of(labels_section), [&](auto, std::string_view line) { names.emplace_back(line); });
    } catch (const Error& error) { throw error.in_file(path()); }
    return names;
}

std::vector<float> OfflineModel::golden(const std::string& section, std::size_t count) const {
    const auto bytes = file_->section(section);
    std::vector<float> numbers(count);
    if (bytes.size() != numbers.size() * sizeof(float))
        throw Error(Fault::shape, {.file = path(),
                                   .place = "section '" + section + "'",
                                   .found = std::to_string(bytes.size()) + " bytes",
                                   .wanted = std::to_string(numbers.size() * sizeof(float))});
    std::memcpy(numbers.data(), bytes.data(), bytes.size());
    for (std::size_t i = 0; i < numbers.size(); ++i)
        if (!std::isfinite(numbers[i]))
            throw Error(Fault::value, {.file = path(),
                                       .place = "section '" + section + "', number " + std::to_string(i),
                                       .found = std::to_string(numbers[i]),
                                       .wanted = "a finite number",
                                       .remedy = "write the file again"});
    return numbers;
}

}  // namespace taxon::app
