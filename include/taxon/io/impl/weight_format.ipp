#pragma once
#include <string>
#include <taxon/io/byte_reader.hpp>
#include <taxon/io/darknet_file.hpp>
#include <taxon/io/torch_legacy.hpp>
#include <taxon/io/utf8.hpp>
#include <taxon/io/zip_archive.hpp>

namespace taxon::io {

TAXON_DECL WeightFormat weight_format(std::span<const std::byte> file) {
    const std::string_view text = as_text(file);
    const auto refuse = [](Fault fault, std::string_view found, std::string_view remedy) {
        throw Error(fault, {.found = found,
                            .wanted = "a checkpoint of torch.save, a safetensors file or its index",
                            .remedy = remedy});
    };
    if (ZipArchive::is_meant(file)) return WeightFormat::torch_zip;
    if (TorchLegacy::is_meant(text)) return WeightFormat::torch_legacy;
    if (text.size() < 8) refuse(Fault::truncated, std::to_string(text.size()) + " bytes", "fetch the file again");
    if (text.starts_with("version https://git-lfs"))
        refuse(Fault::magic, "a Git LFS pointer, not the file itself", "run git lfs pull");
    if (text.starts_with("<!DOCTYPE") || text.starts_with("<html"))
        refuse(Fault::magic, "a web page", "fetch the file by its download link");
    if (text.starts_with("PYTORCH1"))
        refuse(Fault::magic, "an archive of a PyTorch before its release",
               "load it with an old PyTorch and save it again");
    if (text[0] == '\x80' && text[1] >= 2 && text[1] <= 5)
        refuse(Fault::magic, "a pickle, but no checkpoint", "write it with torch.save, or fetch it again if it was");
    if (text.size() > 262 && text.substr(257, 5) == "ustar")
        refuse(Fault::unsupported, "a checkpoint of PyTorch 0.1, a tar archive",
               "load it with torch.load and save it again");
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
        refuse(Fault::encoding, "text in UTF-16", "save an index as UTF-8");
    const std::string_view index = without_mark(text);
    const std::size_t first = index.find_first_not_of(" \t\r\n");
    if (first != index.npos && index[first] == '{' && text.substr(0, 8).find('\0') == text.npos)
        return WeightFormat::index;
    const auto header = little_endian<std::uint64_t>(file.first<8>());
    const std::string_view json = text.substr(8, 64);
    const std::size_t brace = json.find_first_not_of(" \t\r\n");
    if ((header != 0 && header <= file.size() - 8) || (brace != json.npos && json[brace] == '{'))
        return WeightFormat::safetensors;
    if (DarknetFile::is_meant(file))
        refuse(Fault::magic, "Darknet's weights, which have no names",
               "open them along a network's graph, as taxon::DarknetWeights does");
    refuse(Fault::magic, "an unrecognised file signature", "check that it is the file of weights, or fetch it again");
    return WeightFormat::index;
}

}  // namespace taxon::io
