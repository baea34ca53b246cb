#pragma once
#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <taxon/graph/tracer.hpp>
#include <taxon/onnx/call.hpp>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace taxon::onnx::lowering {

/// Names of layers as the authors gave them, as far as exporters leave traces of them; unique, and short enough for a
/// Tracer.
class Names {
  public:
    /// `path`, or with a number after it if that is taken, or one of these names of parameters in it.
    std::string unique(std::string path, const std::vector<std::string>& parameters = {}) {
        path = cleaned(std::move(path));
        if (path.empty()) path = "layer";
        const auto take = [&](const std::string& name) {
            const auto is_taken = [&](const std::string& own) { return taken_.contains(name + "." + own); };
            if (taken_.contains(name) || std::ranges::any_of(parameters, is_taken)) return false;
            taken_.insert(name);
            for (const std::string& own : parameters) taken_.insert(name + "." + own);
            return true;
        };
        if (take(path)) return path;
        for (int& number = last_.emplace(path, 1).first->second;;)
            if (std::string other = path + "_" + std::to_string(++number); take(other)) return other;
    }
    bool is_free(const std::string& path) const { return !path.empty() && !taken_.contains(path); }

    /// The module's path of a parameter's name with dots: "layer1.0.conv1" of "layer1.0.conv1.weight". Empty for a name
    /// that an exporter made.
    static std::string module_of(std::string_view parameter) {
        if (parameter.find('.') == parameter.npos || parameter.find(':') != parameter.npos) return {};
        for (const std::string_view suffix : {".weight", ".bias", ".gamma", ".beta", ".kernel"})
            if (parameter.ends_with(suffix)) return std::string(parameter.substr(0, parameter.size() - suffix.size()));
        return {};
    }

    /// "layer1.0.conv1" of a node "/layer1/layer1.0/conv1/Conv", whose parts repeat the module lists that they are in;
    /// or of the scopes that newer exporters write as metadata. Empty if there are none.
    static std::string scope_of(const NodeProto& node) {
        if (const auto at = node.metadata.find("pkg.torch.onnx.name_scopes"); at != node.metadata.end())
            if (const std::string scope = last_scope(at->second); !scope.empty()) return scope;
        if (!node.name.starts_with('/')) return {};
        std::string path, before;
        const std::string_view all = std::string_view(node.name).substr(1);
        for (std::size_t begin = 0;;) {
            const std::size_t end = all.find('/', begin);
            if (end == all.npos) return path;  // the last part is the operator
            const std::string part(all.substr(begin, end - begin));
            if (!before.empty() && part.starts_with(before + ".")) path.resize(path.size() - before.size());
            else if (!path.empty()) path += ".";
            path += part;
            before = part;
            begin = end + 1;
        }
    }

    /// A name for a node's layer that has no parameter to be called after: its scope and operator.
    static std::string of_node(const NodeProto& node) {
        const std::string scope = scope_of(node);
        std::string operation = node.operation;
        std::transform(operation.begin(), operation.end(), operation.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        return scope.empty() ? operation : scope + "." + operation;
    }

  private:
    /// The innermost scope of a list like "['', 'blocks.0', 'blocks.0.attn', 'linear_1']", whose last entry is the
    /// node.
    static std::string last_scope(const std::string& list) {
        std::vector<std::string> scopes;
        for (std::size_t at = 0; (at = list.find_first_of("'\"", at)) != list.npos;) {
            const std::size_t end = list.find(list[at], at + 1);
            if (end == list.npos) break;
            scopes.push_back(list.substr(at + 1, end - at - 1));
            at = end + 1;
        }
        if (scopes.size() < 2) return {};
        return scopes[scopes.size() - 2];
    }

    /// Without what a state dict's names do not have, and cut at the front to what a Tracer takes.
    static std::string cleaned(std::string path) {
        for (char& c : path)
            if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '_' && c != '-') c = '_';
        while (!path.empty() && path.front() == '.') path.erase(path.begin());
        while (!path.empty() && path.back() == '.') path.pop_back();
        constexpr std::size_t most = Tracer::longest_path - 16;
        if (path.size() > most) path = path.substr(path.size() - most);
        return path;
    }

    std::unordered_set<std::string> taken_{};
    std::unordered_map<std::string, int> last_{};  ///< the number after the last of several equal paths
};

}  // namespace taxon::onnx::lowering
