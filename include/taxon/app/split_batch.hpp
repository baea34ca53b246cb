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

/// Runs a batch with its pictures split evenly over threads, each with memory of its own.
class SplitBatch {
  public:
    SplitBatch(const Network& network, const Offer& offer, int batch, Crew& crew)
        : network_(network), crew_(crew), batch_(static_cast<std::size_t>(batch)), input_(static_cast<std::size_t>(offer.input.size())),
          output_(static_cast<std::size_t>(offer.output.size())) {
        for (int worker = 0; worker < crew.size(); ++worker) scratches_.push_back(network.scratch());
    }

    std::size_t inputs() const { return batch_ * input_; }
    std::size_t outputs() const { return batch_ * output_; }

    void run(std::span<const float> pictures, std::span<float> answers) {
        const auto share = [&](int worker) {
            const auto first = batch_ * static_cast<std::size_t>(worker) / scratches_.size();
            const auto count = batch_ * (static_cast<std::size_t>(worker) + 1) / scratches_.size() - first;
            network_.run(pictures.subspan(first * input_, count * input_), answers.subspan(first * output_, count * output_),
                         *scratches_[static_cast<std::size_t>(worker)]);
        };
        if (crew_.size() == 1) share(0);
        else crew_.run(share);
    }

    /// Reads, prepares and runs a batch of files from the `first` on, round and round, and ranks the classes of each.
    void run_files(const std::vector<std::filesystem::path>& files, const Offer& offer, std::size_t first, std::span<float> pictures,
                   std::span<float> answers) {
        const auto of_worker = [&](int worker, auto work) {
            for (auto i = static_cast<std::size_t>(worker); i < batch_; i += scratches_.size()) work(i, files[(first + i) % files.size()]);
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
    std::vector<std::unique_ptr<Network::Scratch>> scratches_;
};

}  // namespace taxon::app
