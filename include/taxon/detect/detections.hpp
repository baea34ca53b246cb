#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <taxon/core/error.hpp>
#include <taxon/detect/candidate.hpp>
#include <taxon/detect/in_picture.hpp>
#include <taxon/detect/non_maximum_suppression.hpp>
#include <taxon/detect/profile.hpp>
#include <taxon/detect/table.hpp>
#include <taxon/preprocess/letterbox_fit.hpp>

namespace taxon::detect {

/// A picture's detections: non-maximum suppression of the candidates, boxes mapped back to the picture's pixels, best
/// first. Throws as suppression does.
inline std::vector<Detection> detections(std::vector<Candidate> candidates, const Profile& profile,
                                         const preprocess::LetterboxFit& fit) {
    auto kept = non_maximum_suppression(std::move(candidates), profile);
    for (Detection& one : kept) one.box = in_picture(one.box, fit);
    return kept;
}

/// The same for a detector's decoded rows of `columns` numbers, see `add_candidates`. Throws Fault::shape unless the
/// rows are whole and have at least one class.
inline std::vector<Detection> detections(std::span<const float> rows, std::size_t columns, const Profile& profile,
                                         const preprocess::LetterboxFit& fit) {
    if (columns <= 5 || rows.size() % columns != 0)
        throw Error(Fault::shape,
                    {.place = "detector's rows",
                     .found = std::to_string(rows.size()) + " numbers for rows of " + std::to_string(columns),
                     .wanted = "whole rows of a box, an objectness and at least one class"});
    std::vector<Candidate> candidates;
    for (std::size_t start = 0; start < rows.size(); start += columns)
        add_candidates(rows.subspan(start, columns), profile, candidates);
    return detections(std::move(candidates), profile, fit);
}

/// The same for the network's raw output, rows of `columns` numbers whose scores are still logits.
inline std::vector<Detection> detections_of_table(std::span<const float> table, std::size_t columns,
                                                  const Profile& profile, const preprocess::LetterboxFit& fit) {
    std::vector<Candidate> candidates;
    visit_likely_rows(table, columns, profile.confidence,
                      [&](std::span<const float> row) { add_candidates(row, profile, candidates); });
    return detections(std::move(candidates), profile, fit);
}

}  // namespace taxon::detect
