// Whole records -> the same records with a prediction after each.
//
//     1800,3,a⏎            scan.hpp       1800 | complete
//     ,2,b⏎                ────────→         0 | incomplete
//        │                                │ predict.hpp, kRowsAtOnce rows at a time
//        │ copied once                    540000.25
//        ▼                                ▼ shortest.hpp or rounding.hpp, number_text.hpp
//     1800,3,a,540000.25⏎
//     ,2,b,⏎
//
// A single feature often has few values: known_texts.hpp keeps the texts of those that were seen.
//
// If a number or the last bit of a prediction is not certain, nothing is written, and slower code
// takes the records. tests/fuzz/predicted_records.hpp compares with `predict` and `write_records`.

#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "known_texts.hpp"
#include "number_text.hpp"
#include "predict.hpp"
#include "rounding.hpp"
#include "scan.hpp"
#include "text.hpp"

namespace linreg {

constexpr size_t kRowsAtOnce = 256;
constexpr size_t kCopySize = 64;

// How the integers of a feature with a certain number of decimals are used.
struct Scale {
    int64_t factor, center;  // integer * factor - center is the feature less its center, in units of 1/ten
    int64_t most;            // no larger integer fits; below 0 if none does
    int64_t low, high;       // the range of the training rows
    double ten;
};

// A number that no other call returns.
inline uint64_t next_id() {
    static std::atomic<uint64_t> last{0};
    return ++last;
}

// A model, and the form of the file that it predicts for.
struct Predictor {
    uint64_t id = next_id();
    Layout layout;
    bool allows_missing;  // rows with a missing cell are written without a prediction
    bool repeats;         // records are written before the predictions
    std::vector<double> slopes;
    double value;
    std::vector<Scale> scales;  // of each feature for 0 to kMostPlaces decimals
    int digits;                 // of the predictions, at most kMostRounded; 0 for the shortest text
    char delimiter, point;      // that are written
    std::string line_end;

    const Scale& scale(size_t feature, int decimals) const {
        return scales[feature * (kMostPlaces + 1) + static_cast<size_t>(decimals)];
    }
};

// Memory that grows, and is not set.
class Room {
 public:
    Room() = default;
    Room(Room&& other) noexcept
        : memory_(std::move(other.memory_)), size_(std::exchange(other.size_, 0)) {}
    Room& operator=(Room&& other) noexcept {
        memory_ = std::move(other.memory_);
        size_ = std::exchange(other.size_, 0);
        return *this;
    }

    char* of(size_t size) {
        if (size > size_) {
            memory_.reset();
            memory_.reset(new char[size]);
            size_ = size;
        }
        return memory_.get();
    }
    const char* data() const { return memory_.get(); }

 private:
    std::unique_ptr<char[]> memory_;
    size_t size_ = 0;
};

// What records became, and counts of them.
struct PredictedRecords {
    bool is_sure = false;  // if false, nothing else has a meaning
    Room text;
    size_t size = 0;       // of the text
    int64_t records = 0, lines = 0, complete = 0;
    std::vector<int64_t> missing, outside;  // of each feature: cells, and values outside its range
    std::vector<int> groupings;

    // Adds the counts of other records, not their text.
    void add(const PredictedRecords& other) {
        records += other.records;
        lines += other.lines;
        complete += other.complete;
        missing.resize(other.missing.size());
        outside.resize(other.outside.size());
        groupings.resize(other.groupings.size());
        for (size_t j = 0; j < missing.size(); j++) {
            missing[j] += other.missing[j];
            outside[j] += other.outside[j];
            groupings[j] = std::max(groupings[j], other.groupings[j]);
        }
    }
};

// Where records are, and how they are written.
struct RecordForm {
    const char* data;
    const Cell* spans;
    size_t copies_until;  // an offset: from the ones before, kCopySize bytes can be read
    bool repeats, has_empty_last;
    char delimiter;
    char line_end[2];
    size_t line_end_size;

    // Copies a record, and more: copies of a constant size are fast.
    char* write_record(size_t record, char* to) const {
        if (!repeats) return to;
        const Cell span = spans[record];
        const size_t size = span.end - span.begin - has_empty_last;
        if (size <= kCopySize && span.begin < copies_until) {
            std::memcpy(to, data + span.begin, kCopySize);
        } else {
            std::memcpy(to, data + span.begin, size);
        }
        to[size] = delimiter;
        return to + size + 1;
    }

    char* end_line(char* to) const {
        std::memcpy(to, line_end, sizeof line_end);
        return to + line_end_size;
    }
};

// Predicts for the complete rows of a scan, and writes all.
class RecordWriter {
 public:
    RecordWriter(const Predictor& predictor, const Scan& scan, PredictedRecords* found)
        : predictor_(predictor), scan_(scan), found_(found), features_(predictor.slopes.size()),
          moved_(features_ * kRowsAtOnce), tens_(features_) {}

    // False if the last bit of a prediction is not certain. Texts are known for a single feature.
    bool write(const char* data, size_t size, KnownTexts* known) {
        const size_t records = scan_.complete.size(), rows = scan_.columns[0].values.size();
        set_form(data, size);
        const size_t each = 1 + kNumberSize + sizeof form_.line_end;
        to_ = found_->text.of((predictor_.repeats ? size : 0) + records * each + kCopySize);
        if (!choose_scales()) return false;
        known->start(predictor_.id, scan_.columns[0].decimals);
        known_ = features_ == 1 && known->are_used() ? known : nullptr;
        size_t not_found = 0;
        for (size_t row = 0; row < rows; row += count_) {
            count_ = std::min(kRowsAtOnce, rows - row);
            if (!move_from(row) || !(known_ != nullptr ? write_known(&not_found) : write_new())) {
                return false;
            }
        }
        while (record_ < records) to_ = form_.end_line(form_.write_record(record_++, to_));
        if (known_ != nullptr) known_->learn(rows, not_found);
        found_->size = static_cast<size_t>(to_ - found_->text.data());
        return true;
    }

 private:
    struct SignedDecimal {
        Decimal decimal;
        bool is_negative;
    };

    bool choose_scales() {
        for (size_t j = 0; j < features_; j++) {
            const Column& column = scan_.columns[j];
            if (column.decimals > kMostPlaces) return false;
            scales_.push_back(predictor_.scale(j, column.decimals));
            tens_[j] = scales_[j].ten;
        }
        return true;
    }

    // Subtracts the centers from the features of the next rows; false if a number does not fit.
    bool move_from(size_t row) {
        for (size_t j = 0; j < features_; j++) {
            const Scale scale = scales_[j];
            const int64_t* values = scan_.columns[j].values.data() + row;
            int64_t* moved = moved_.data() + j * count_;
            int64_t outside = 0;
            bool fits = scale.most >= 0;
            for (size_t i = 0; i < count_; i++) {
                const int64_t value = values[i];
                fits &= -scale.most <= value && value <= scale.most;
                outside += value < scale.low || value > scale.high;
                moved[i] = fits ? value * scale.factor - scale.center : 0;
            }
            if (!fits) return false;
            found_->outside[j] += outside;
        }
        return true;
    }

    void set_form(const char* data, size_t size) {
        form_ = {data, scan_.spans.data(), size < kCopySize ? 0 : size - kCopySize,
                 predictor_.repeats, predictor_.layout.has_empty_last, predictor_.delimiter, {}, 0};
        form_.line_end_size = std::min(sizeof form_.line_end, predictor_.line_end.size());
        std::memcpy(form_.line_end, predictor_.line_end.data(), form_.line_end_size);
    }

    // Writes rows whose texts are known, and learns the texts of the others; false if one is not
    // certain.
    bool write_known(size_t* not_found) {
        const KnownTexts& known = *known_;
        const int64_t* moved = moved_.data();
        const size_t done = write_rows(0, [&known, moved](size_t i, char* to) {
            return known.write(moved[i], to);
        });
        if (done == count_) return true;
        if (!learn(done, not_found)) return false;
        write_rows(done, [this](size_t i, char* to) {
            char* end = known_->write(moved_[i], to);
            if (end != nullptr) return end;
            predict_all(&moved_[i], 1);  // another new value of these rows took its place
            return write_number(decimals_[0], to);
        });
        return true;
    }

    // Learns the texts of the values, from the first row on, that are not known; false if one is
    // not certain.
    bool learn(size_t first, size_t* not_found) {
        size_t count = 0;
        for (size_t i = first; i < count_; i++) {
            new_[count] = moved_[i];
            count += !known_->has(moved_[i]);
        }
        *not_found += count;
        if (!predict_all(new_, count)) return false;
        for (size_t i = 0; i < count; i++) {
            char text[kNumberSize];
            const char* end = write_number(decimals_[i], text);
            known_->keep(new_[i], text, static_cast<size_t>(end - text));
        }
        return true;
    }

    // Predicts and writes rows; false if a prediction is not certain.
    bool write_new() {
        if (!predict_all(moved_.data(), count_)) return false;
        write_rows(0, [this](size_t i, char* to) { return write_number(decimals_[i], to); });
        return true;
    }

    // Writes records with the numbers of the rows from the i-th on, as `write` does; up to the last
    // row, or the first one for which that gives null. Returns its number.
    template <typename Write>
    size_t write_rows(size_t i, const Write& write) {
        const RecordForm form = form_;  // kept in registers
        const unsigned char* complete = scan_.complete.data();
        size_t record = record_;
        char* to = to_;
        while (i < count_) {
            char* end = form.write_record(record, to);
            if (complete[record] != 0) {
                end = write(i, end);
                if (end == nullptr) break;
                i++;
            }
            to = form.end_line(end);
            record++;
        }
        record_ = record;
        to_ = to;
        return i;
    }

    // False if a prediction is not certain.
    bool predict_all(const int64_t* moved, size_t count) {
        predict({predictor_.slopes.data(), tens_.data(), features_, predictor_.value}, moved, count,
                predictions_, unsure_);
        unsigned char any_unsure = 0;
        for (size_t i = 0; i < count; i++) any_unsure |= unsure_[i];
        if (any_unsure) return false;
        return predictor_.digits > 0 ? round_all(moved, count) : shorten_all(count);
    }

    // Apart from the writing, so that the processor works on several numbers at once.
    bool shorten_all(size_t count) {
        for (size_t i = 0; i < count; i++) {
            decimals_[i] = {shortest(predictions_[i]), predictions_[i] < 0};
        }
        return true;
    }

    // False if a number needs slower code.
    bool round_all(const int64_t* moved, size_t count) {
        bool is_sure = true;
        for (size_t i = 0; i < count; i++) {
            const auto twice = [&] {
                return twice_the_sum(predictor_.value, predictor_.slopes.data(), moved + i, count,
                                     tens_.data(), features_);
            };
            decimals_[i].is_negative = predictions_[i] < 0;
            is_sure &= round_to(predictions_[i], predictor_.digits, twice, &decimals_[i].decimal);
        }
        return is_sure;
    }

    char* write_number(const SignedDecimal& number, char* to) const {
        return write_decimal(number.is_negative, number.decimal, predictor_.point, to,
                             predictor_.digits == 0);
    }

    const Predictor& predictor_;
    const Scan& scan_;
    PredictedRecords* found_;
    size_t features_;
    RecordForm form_{};
    size_t count_ = 0;   // of the rows that are predicted at once
    size_t record_ = 0;  // that is written next
    char* to_ = nullptr;
    std::vector<int64_t> moved_;
    std::vector<double> tens_;
    std::vector<Scale> scales_;
    double predictions_[kRowsAtOnce];
    unsigned char unsure_[kRowsAtOnce];
    SignedDecimal decimals_[kRowsAtOnce];
    KnownTexts* known_ = nullptr;
    int64_t new_[kRowsAtOnce];
};

// Predicts for whole records.
inline void predict_records(const char* data, size_t size, const Predictor& predictor,
                            PredictedRecords* found) {
    found->is_sure = false;
    thread_local Scan scan_of_data;  // keeps its memory
    thread_local KnownTexts known;
    scan_of_data.read(data, size, predictor.layout, true);
    if (!scan_of_data.is_sure) return;
    found->records = scan_of_data.records;
    found->lines = scan_of_data.lines;
    found->complete = static_cast<int64_t>(scan_of_data.columns[0].values.size());
    found->missing.clear();
    found->groupings.clear();
    for (const Column& column : scan_of_data.columns) {
        if (column.missing > 0 && !predictor.allows_missing) return;
        found->missing.push_back(column.missing);
        found->groupings.push_back(static_cast<int>(column.grouping));
    }
    found->outside.assign(scan_of_data.columns.size(), 0);
    found->is_sure = RecordWriter(predictor, scan_of_data, found).write(data, size, &known);
}

}  // namespace linreg
