// Records with predictions beside the same put together one by one; and files that threads read.

#pragma once

#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "../../linreg_cli/native/predicted_records.hpp"
#include "../../linreg_cli/native/written_pass.hpp"
#include "check.hpp"
#include "predictions.hpp"
#include "scans.hpp"
#include "texts.hpp"

namespace fuzz_predicted_records {

using linreg::PredictedRecords;
using linreg::Predictor;
using linreg::Scale;

// How integers with some decimals become differences from a center.
inline Scale any_scale(Random& random, int decimals) {
    const int places = decimals + static_cast<int>(random() % 3);
    Scale scale{};
    scale.most = -1;
    if (places > linreg::kMostPlaces || random() % 200 == 0) return scale;
    scale.factor = linreg::kPowers[places - decimals];
    scale.center = random() % 2 ? any_integer(random) : 0;
    scale.most = (linreg::kLimit - 1) / scale.factor;
    scale.low = static_cast<int64_t>(random() % 100);
    scale.high = scale.low + static_cast<int64_t>(random() % 1000000);
    scale.ten = std::pow(10.0, places);
    return scale;
}

inline Predictor any_predictor(Random& random) {
    const char delimiters[] = {',', ';', '\t', '|'};
    Predictor predictor;
    const int width = 1 + static_cast<int>(random() % 4);
    const char delimiter = delimiters[random() % 4];
    const char point = random() % 4 || delimiter == ',' ? '.' : ',';
    predictor.layout = {delimiter, point, width, width > 1 && random() % 4 == 0, {},
                        fuzz_scans::any_missing(random), false};
    for (size_t j = 1 + random() % 2; j > 0; j--) {
        predictor.layout.wanted.push_back(static_cast<int>(random() % static_cast<size_t>(width)));
        predictor.slopes.push_back(fuzz_predictions::any_weight(random));
        for (int places = 0; places <= linreg::kMostPlaces; places++) {
            predictor.scales.push_back(any_scale(random, places));
        }
    }
    predictor.allows_missing = random() % 8 != 0;
    predictor.repeats = random() % 4 != 0;
    predictor.value = fuzz_predictions::any_weight(random);
    predictor.delimiter = delimiter;
    predictor.point = point;
    predictor.digits = random() % 2 ? 0 : 1 + static_cast<int>(random() % linreg::kMostRounded);
    predictor.line_end = random() % 2 ? "\n" : "\r\n";
    return predictor;
}

// Adds the prediction of a complete row; false if it is not certain, or its numbers do not fit.
inline bool predict_row(const linreg::Scan& scan, size_t row, const Predictor& predictor,
                        PredictedRecords* expected, std::string* text) {
    std::vector<int64_t> moved;
    std::vector<double> tens;
    for (size_t j = 0; j < predictor.slopes.size(); j++) {
        const linreg::Column& column = scan.columns[j];
        if (column.decimals > linreg::kMostPlaces) return false;
        const Scale& scale = predictor.scale(j, column.decimals);
        const int64_t value = column.values[row];
        if (scale.most < 0 || value > scale.most || value < -scale.most) return false;
        moved.push_back(value * scale.factor - scale.center);
        tens.push_back(scale.ten);
        expected->outside[j] += value < scale.low || scale.high < value;
    }
    unsigned char unsure;
    double prediction;
    linreg::predict({predictor.slopes.data(), tens.data(), moved.size(), predictor.value},
                    moved.data(), 1, &prediction, &unsure);
    if (unsure) return false;
    if (predictor.digits == 0) {
        *text += fuzz_texts::slow_text_of(prediction, predictor.point);
        return true;
    }
    const auto twice = [&] {
        return linreg::twice_the_sum(predictor.value, predictor.slopes.data(), moved.data(), 1,
                                     tens.data(), moved.size());
    };
    linreg::Decimal rounded;
    if (!linreg::round_to(prediction, predictor.digits, twice, &rounded)) return false;
    char digits[linreg::kNumberSize];
    const char* end =
        linreg::write_decimal(prediction < 0, rounded, predictor.point, digits, false);
    text->append(digits, static_cast<size_t>(end - digits));
    return true;
}

inline std::string expected_text(const std::string& data, const Predictor& predictor,
                                 PredictedRecords* expected) {
    linreg::Scan scan;
    scan.read(data.data(), data.size(), predictor.layout, true);
    expected->is_sure = scan.is_sure;
    if (!scan.is_sure) return "";
    expected->outside.assign(scan.columns.size(), 0);
    std::string text;
    size_t row = 0;
    for (size_t i = 0; i < scan.complete.size(); i++) {
        if (predictor.repeats) {
            const auto [begin, end] = scan.spans[i];
            text += data.substr(begin, end - begin - predictor.layout.has_empty_last);
            text += predictor.delimiter;
        }
        if (scan.complete[i]) {
            expected->is_sure &= predict_row(scan, row++, predictor, expected, &text);
            if (!expected->is_sure) return "";
        }
        text += predictor.line_end;
    }
    for (const linreg::Column& column : scan.columns) {
        expected->is_sure &= column.missing == 0 || predictor.allows_missing;
    }
    return text;
}

// Rows of the same numbers again and again, of which some take each other's place in KnownTexts.
inline std::string make_repeating_rows(Random& random, const linreg::Layout& layout) {
    std::string text;
    for (size_t rows = random() % 600; rows > 0; rows--) {
        for (int i = 0; i < layout.width; i++) {
            const bool is_empty = layout.has_empty_last && i == layout.width - 1;
            if (i > 0) text += layout.delimiter;
            if (!is_empty) text += std::to_string(random() % 3 * 8192 + random() % 5);
        }
        text += '\n';
    }
    return text;
}

// Predicts for some records; gives whether that was sure.
inline bool run(Random& random) {
    const Predictor predictor = any_predictor(random);
    const size_t kind = random() % 32;
    const std::string data = kind == 0  ? make_repeating_rows(random, predictor.layout)
                             : kind < 4 ? fuzz_scans::make_text(random)
                                        : fuzz_scans::make_rows(random, predictor.layout);
    const auto copy = copy_of<char>(data);
    PredictedRecords found, expected;
    linreg::predict_records(copy.get(), data.size(), predictor, &found);
    const std::string text = expected_text(data, predictor, &expected);
    check(found.is_sure == expected.is_sure, "it is sure of other records");
    if (!found.is_sure) return false;
    check(text == std::string(found.text.data(), found.size), "records are written otherwise");
    check(found.outside == expected.outside, "other values are outside the range");
    return true;
}

// A file for some data, which is gone when it is closed.
class TemporaryFile {
 public:
    explicit TemporaryFile(const std::string& data) : file_(std::tmpfile()) {
        check(file_ != nullptr, "there is no room for a file");
        check(std::fwrite(data.data(), 1, data.size(), file_) == data.size(), "it is not written");
        std::fflush(file_);
    }
    ~TemporaryFile() { std::fclose(file_); }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    int descriptor() const { return fileno(file_); }

    std::string content() const {
        std::string found;
        std::rewind(file_);
        for (int c = std::fgetc(file_); c != EOF; c = std::fgetc(file_)) {
            found += static_cast<char>(c);
        }
        return found;
    }

 private:
    std::FILE* file_;
};

// Ranges of a file that begin behind its first line.
inline linreg::FileRanges any_ranges(Random& random, const TemporaryFile& file,
                                     const std::string& data) {
    const size_t start = data.empty() ? 0 : data.find('\n') + 1;  // or 0
    return {file.descriptor(), static_cast<int64_t>(start), static_cast<int64_t>(data.size()),
            1 + random() % 500};
}

struct Bytes {
    bool is_sure = false;
    std::string data;

    void add(const Bytes& other) { data += other.data; }
};

// Reads a file by ranges: what is taken must be the start of the file, up to a line end.
inline void run_file(Random& random) {
    std::string data;
    for (size_t count = random() % 300; count > 0; count--) {
        data += random() % 12 ? std::string(random() % 40, 'x') + '\n' : std::string(random() % 400, 'y');
    }
    const TemporaryFile file(data);
    const linreg::FileRanges ranges = any_ranges(random, file, data);
    const auto start = static_cast<size_t>(ranges.start);
    const size_t unsure_from = random() % 4 ? SIZE_MAX : random() % 4000;
    const auto work = [=](const char* bytes, size_t size, Bytes* result) {
        result->data.assign(bytes, size);
        result->is_sure = size < unsure_from;
    };
    std::string taken, finished;
    const linreg::Finish<Bytes> finish{random() % 2 != 0,
                                       [&](Bytes* result) { finished += result->data; }};
    {
        linreg::FilePass<Bytes> pass(ranges, 1 + random() % 3, work, finish);
        Bytes result;
        for (size_t most = random() % 4 ? SIZE_MAX : random() % 5; most > 0; most--) {
            const auto state = pass.take(&result, std::chrono::milliseconds(1000));
            check(state != decltype(pass)::State::waiting, "a range is never read");
            if (state == decltype(pass)::State::over) break;
            taken += result.data;
            check(pass.offset() == static_cast<int64_t>(start + taken.size()), "an offset is wrong");
        }
    }
    check(data.compare(start, taken.size(), taken) == 0, "a range is not that of the file");
    check(taken.empty() || taken.back() == '\n', "a range does not end with a line");
    check(finished.compare(0, taken.size(), taken) == 0, "a range is finished out of order");
}

// Predicts for a file by ranges: what is written must be that for the start of the file.
inline void run_written_file(Random& random) {
    Predictor predictor = any_predictor(random);
    predictor.layout.delimiter = predictor.delimiter = ';';
    const std::string data = "head\n" + make_repeating_rows(random, predictor.layout);
    const TemporaryFile file(data), output("before ");
    const linreg::FileRanges ranges = any_ranges(random, file, data);
    const auto work = [&](const char* bytes, size_t size, PredictedRecords* found) {
        linreg::predict_records(bytes, size, predictor, found);
    };
    PredictedRecords counts, expected;
    int64_t offset;
    {
        linreg::WrittenPass pass(ranges, 1 + random() % 3, work, output.descriptor());
        while (pass.write_for_a_while(&counts) == linreg::WrittenPass::State::writing) {
        }
        check(pass.error() == 0, "a file is not written");
        offset = pass.offset();
    }
    const std::string read = data.substr(5, static_cast<size_t>(offset) - 5);
    const std::string text = expected_text(read, predictor, &expected);
    check(expected.is_sure, "a file is predicted for that is not sure");
    check(output.content() == "before " + text, "a file is written otherwise");
    check(counts.outside == expected.outside || read.empty(), "counts of a file are wrong");
    check(counts.records == std::count(read.begin(), read.end(), '\n'), "records are miscounted");
}

}  // namespace fuzz_predicted_records
