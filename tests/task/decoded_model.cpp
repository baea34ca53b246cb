#include <taxon/task/decoded_model.hpp>

#include <taxon/detect/heads.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/preprocess/letterbox.hpp>
#include <taxon/task/detect.hpp>

#include "catch.hpp"

using namespace taxon;

namespace {

/// Of 32 x 32 pixels to 6 numbers for each of 16 cells.
struct Network {
    static constexpr Shape input{3, 32, 32};
    static constexpr void trace(Tracer& tracer) { tracer.scope("heads", Conv2d<3, 6, 8, 8>::trace); }
};

/// A network that always gives two boxes of two classes, the first with the first number of the batch as its score.
class Constant final : public AnyModel {
  public:
    GraphView graph() const override { return graph_of<Network>; }
    PlanView plan() const override { return {}; }
    std::string_view isa() const override { return "none"; }
    std::unique_ptr<Workspace> make_workspace() const override { return std::make_unique<Workspace>(); }
    Workspace& thread_workspace() const override {
        static thread_local Workspace workspace;
        return workspace;
    }
    void run(std::span<const float> samples, std::span<float> outputs, Workspace&, int,
             std::span<const int>) const override {
        std::fill(outputs.begin(), outputs.end(), 0.f);
        for (std::size_t first = 0; first < outputs.size(); first += 6 * 16) {
            const auto set = [&](std::size_t box, std::initializer_list<float> numbers) {
                for (std::size_t i = 0; const float number : numbers) outputs[first + 16 * i++ + box] = number;
            };
            set(2, {8, 8, 4, 6, 0, samples[0]});
            set(15, {20, 24, 8, 8, .75f, .5f});
        }
    }
    void run_ports(std::span<const InputSpan>, std::span<const OutputSpan>, Workspace&, int) const override {}
    void preprocess(const Image&, PixelTarget) const override {}
    void walk(std::span<const float>, Workspace&, const LayerVisitor&) const override {}
    void save(const std::filesystem::path&, std::span<const io::OfflineSection>) const override {}
};

}  // namespace

TEST_CASE("a detector whose heads are decoded is one like any other") {
    const task::DecodedModel model(std::make_unique<Constant>(),
                                   {{.shape = Network::input},
                                    {.shape = Shape::rows(7, 16), .node = graph_of<Network>.outputs[0].node},
                                    input_policies_of<shape::Mutable<1, 2>, preprocess::Letterbox<32>>(Network::input)},
                                   detect::decode_yolov8);
    CHECK((model.input_shape() == Network::input));
    CHECK((model.output_shape() == Shape::rows(7, 16)));
    const Image white{64, 64, std::vector<std::uint8_t>(64 * 64 * 3, 255)};
    const auto objects = task::detect(model, white);
    REQUIRE(objects.size() == 2);
    CHECK((objects[0].index == 1 && objects[0].score == Approx(1)));
    CHECK((objects[0].box == detect::Box{12, 10, 20, 22}));  // twice as large in the picture
    CHECK((objects[1].index == 0 && objects[1].score == Approx(.75f)));
    CHECK((objects[1].box == detect::Box{32, 40, 48, 56}));

    const auto workspace = model.make_workspace();
    std::vector<float> samples(2 * 3 * 32 * 32, .5f), tables(2 * 7 * 16);
    model.run(samples, tables, *workspace, 32, {});
    CHECK(std::equal(tables.begin(), tables.begin() + 7 * 16, tables.begin() + 7 * 16));
    CHECK(tables[7 * 2 + 6] == Approx(0).margin(1e-6));  // the logit of one half
}
