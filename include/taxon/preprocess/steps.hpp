#pragma once
#include <string_view>

#include <taxon/core/image.hpp>
#include <taxon/core/text.hpp>
#include <taxon/policy/preprocess.hpp>
#include <taxon/preprocess/geometry.hpp>
#include <taxon/preprocess/normalize.hpp>

namespace taxon::preprocess {

namespace detail {

/// The result of a list of steps, and whether the list makes sense.
struct StepsFacts {
    int height = 0, width = 0;  // 0: depends on the picture
    int count = 0, levels = 0;
    bool all_steps = true, ends_in_levels = false;

    template <typename Step>
    constexpr void add() {
        ++count;
        ends_in_levels = LevelStep<Step>;
        if constexpr (LevelStep<Step>) {
            ++levels;
        } else if constexpr (GeometryStep<Step>) {
            height = Step::height;
            width = Step::width;
        } else {
            all_steps = false;
        }
    }
};

template <typename... Step>
constexpr StepsFacts facts_of_steps() {
    StepsFacts facts;
    (facts.template add<Step>(), ...);
    return facts;
}

template <typename Step>
constexpr std::string_view name_of_step() {
    if constexpr (GeometryStep<Step> || LevelStep<Step>) return Step::name;
    else return "?";  // another sentence reports it
}

template <typename... Step>
constexpr Text<256> text_of_steps() {
    Text<256> text;
    text << "Steps<";
    int before = 0;
    ((text << (before++ == 0 ? "" : ", ") << name_of_step<Step>()), ...);
    text << ">";
    return text;
}

/// Writes every pixel of `picture`, looked up in `levels`, through `target`.
inline void write_levels(const Image& picture, const LevelTable& levels, PixelTarget target) {
    const std::uint8_t* line = picture.pixels.data();
    for (int y = 0; y < picture.height; ++y, line += bytes_of(1, picture.width))
        for (int channel = 0; channel < 3; ++channel) {
            const auto& table = levels[static_cast<std::size_t>(channel)];
            for (int x = 0; x < picture.width; ++x) target(y, x, channel) = table[line[3 * x + channel]];
        }
}

template <typename Step>
void apply_step(Canvas& canvas) {
    if constexpr (GeometryStep<Step>) Step::apply(canvas);
}

template <typename Step, typename... Rest>
constexpr const LevelTable& last_levels() {
    if constexpr (sizeof...(Rest) == 0) return Step::levels;
    else return last_levels<Rest...>();
}

}  // namespace detail

/// A preprocess policy composed of steps, applied in order: geometry (Resize, ResizeShorter, CenterCrop), the last of
/// which fixes the size, then one of Normalize and ScaleTo01. See `taxon::Preprocess` for the members' contract.
///   Steps<Resize<32>, Resize<64>, Normalize<ImageNetStatistics>>
template <typename... Step>
struct Steps {
  private:
    static constexpr detail::StepsFacts facts = detail::facts_of_steps<Step...>();
    static_assert(facts.all_steps,
                  "taxon: Steps: every argument must be a step such as Resize, CenterCrop or Normalize");
    static_assert(!facts.all_steps || (facts.ends_in_levels && facts.levels == 1),
                  "taxon: Steps: one of Normalize and ScaleTo01 must come last, and only there");
    static_assert(!facts.all_steps || !facts.ends_in_levels || facts.height > 0,
                  "taxon: Steps: the picture's size is not fixed; end the geometry with Resize or CenterCrop");
    static constexpr auto text = detail::text_of_steps<Step...>();

  public:
    static constexpr std::string_view name = text.view();
    static constexpr Takes takes = Takes::picture;
    static constexpr int height = facts.height, width = facts.width;

    static Image pixels(const Image& image) {
        Canvas canvas(image);
        (detail::apply_step<Step>(canvas), ...);
        return canvas.picture();
    }

    static void apply(const Image& image, PixelTarget target) {
        Canvas canvas(image);
        (detail::apply_step<Step>(canvas), ...);
        detail::write_levels(canvas.picture(), detail::last_levels<Step...>(), target);
    }
};

}  // namespace taxon::preprocess
