// Records written beside the same put together from strings.

#pragma once

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "../../linreg_cli/native/text.hpp"
#include "check.hpp"

namespace fuzz_texts {

inline double any_number(Random& random) {
    const uint64_t bits = random();
    double value;
    std::memcpy(&value, &bits, sizeof value);
    if (!std::isfinite(value)) return -0.0;
    return random() % 2 ? value : static_cast<double>(static_cast<int64_t>(bits >> 20)) / 100;
}

inline std::string text_of(double value, char point) {
    const std::unique_ptr<char[]> room(new char[linreg::kNumberSize]);
    const char* end = linreg::write_number(value, point, room.get());
    const std::string text(room.get(), static_cast<size_t>(end - room.get()));
    const size_t place = text.find(point);
    std::string read = text;
    if (place != std::string::npos) read[place] = '.';
    const double back = std::strtod(read.c_str(), nullptr);
    check(std::memcmp(&back, &value, sizeof value) == 0, "a number reads back as another");
    return text;
}

inline void run(Random& random) {
    const std::string data(random() % 50, 'x'), line_end = random() % 2 ? "\n" : "\r\n";
    const char point = random() % 2 ? '.' : ',';
    const bool repeats = random() % 4;
    const size_t count = random() % 8;
    std::vector<int64_t> starts, ends;
    std::vector<unsigned char> complete;
    std::vector<double> numbers;
    std::string expected;
    bool is_inside = true;
    for (size_t i = 0; i < count; i++) {
        const auto size = static_cast<int64_t>(data.size());
        const size_t start = random() % (data.size() + 1);
        const size_t length = random() % (data.size() - start + 1);
        starts.push_back(static_cast<int64_t>(start));
        ends.push_back(static_cast<int64_t>(start + length));
        if (random() % 50 == 0) ends[i] = any_integer(random);
        if (random() % 50 == 0) starts[i] = any_integer(random);
        is_inside &= 0 <= starts[i] && starts[i] <= ends[i] && ends[i] <= size;
        complete.push_back(random() % 4 != 0);
        if (complete[i]) numbers.push_back(any_number(random));
        if (repeats && is_inside) {
            const auto from = static_cast<size_t>(starts[i]), to = static_cast<size_t>(ends[i]);
            expected += data.substr(from, to - from) + ';';
        }
        if (complete[i]) expected += text_of(numbers.back(), point);
        expected += line_end;
    }
    const auto text = copy_of<char>(data), end_of_line = copy_of<char>(line_end);
    const auto from = copy_of<int64_t>(starts), to = copy_of<int64_t>(ends);
    const auto flags = copy_of<unsigned char>(complete);
    const auto values = copy_of<double>(numbers);
    const linreg::Records records{text.get(),  repeats ? from.get() : nullptr,
                                  to.get(),    flags.get(),
                                  count,       values.get()};
    const linreg::Style style{';', point, end_of_line.get(), line_end.size()};
    const size_t room = linreg::room_for(records, static_cast<int64_t>(data.size()), style);
    check((room > 0) == (is_inside || !repeats), "records outside are written, or others not");
    if (room == 0) return;
    const std::unique_ptr<char[]> written(new char[room]);
    const char* end = linreg::write_records(records, style, written.get());
    const std::string found(written.get(), static_cast<size_t>(end - written.get()));
    check(found == expected, "a record is written otherwise");
}

}  // namespace fuzz_texts
