#pragma once
#include <filesystem>
#include <memory>
#include <span>
#include <taxon/app/crew.hpp>
#include <taxon/app/network.hpp>
#include <taxon/app/picture_tensor.hpp>
#include <taxon/app/ranking.hpp>
#include <vector>

namespace taxon::app {

/// A batch that is run again and again. The network's own threads run it; the crew reads and prepares its files.
class PictureBatch {
  public:
    PictureBatch(const Network& network, const Offer& offer, int batch, Crew& crew)
        : network_(network), crew_(crew), batch_(static_cast<std::size_t>(batch)), input_(static_cast<std::size_t>(offer.input.size())),
          output_(static_cast<std::size_t>(offer.output.size())), scratch_(network.scratch()) {}

    std::size_t inputs() const { return batch_ * input_; }
    std::size_t outputs() const { return batch_ * output_; }

    void run(std::span<const float> pictures, std::span<float> answers) { network_.run(pictures, answers, *scratch_); }

    /// Reads, prepares and runs a batch of files from the `first` on, round and round, and ranks the classes of each.
    void run_files(const std::vector<std::filesystem::path>& files, const Offer& offer, std::size_t first, std::span<float> pictures,
                   std::span<float> answers) {
        const auto of_worker = [&](int worker, auto work) {
            for (auto i = static_cast<std::size_t>(worker); i < batch_; i += static_cast<std::size_t>(crew_.size())) work(i, files[(first + i) % files.size()]);
        };
        crew_.run([&](int worker) {
            of_worker(worker,
                      [&](std::size_t i, const auto& file) { read_tensor(network_, offer, file, pictures.subspan(i * input_, input_)); });
        });
        run(pictures, answers);
        crew_.run([&](int worker) {
            of_worker(worker, [&](std::size_t i, const auto& file) { rank(file.string(), answers.subspan(i * output_, output_), 5); });
        });
    }

  private:
    const Network& network_;
    Crew& crew_;
    std::size_t batch_, input_, output_;
    std::unique_ptr<Network::Scratch> scratch_;
};

}  // namespace taxon::app
