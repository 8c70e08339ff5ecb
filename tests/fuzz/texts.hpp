// Records written beside the same put together from strings.

#pragma once

#include <charconv>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "../../linreg_cli/native/text.hpp"
#include "check.hpp"

namespace fuzz_texts {

constexpr int kNumbers = 20;  // for each input

inline double any_number(Random& random) {
    const uint64_t bits = random();
    const int kind = static_cast<int>(random() % 8);
    double value = static_cast<double>(static_cast<int64_t>(bits >> 20)) / 100;
    if (kind == 0) std::memcpy(&value, &bits, sizeof value);
    if (kind == 1) {  // a significand of few bits
        const uint64_t few = bits & ~((uint64_t{1} << random() % 53) - 1);
        std::memcpy(&value, &few, sizeof value);
    }
    if (kind == 2) value = static_cast<double>(static_cast<int64_t>(bits) >> random() % 64);
    if (kind == 3) value = std::ldexp(static_cast<double>(bits >> 11), -static_cast<int>(bits % 128));
    if (kind == 4) {  // near a short decimal
        value = static_cast<double>(bits % 1000) * std::pow(10, static_cast<int>(random() % 630) - 325);
        value = std::nextafter(value, random() % 3 ? 0 : 1);
    }
    return std::isfinite(value) ? value : -0.0;
}

// What the C++ library writes, in the form of Python's repr.
inline std::string slow_text_of(double value, char point) {
    char text[32];
    const double size = std::fabs(value);
    const bool is_fixed = value == 0 || (1e-4 <= size && size < 1e16);
    const auto format = is_fixed ? std::chars_format::fixed : std::chars_format::scientific;
    std::string found(text, std::to_chars(text, text + sizeof text, value, format).ptr);
    const size_t place = found.find('.');
    if (place != std::string::npos) {
        found[place] = point;
    } else if (is_fixed) {
        found += {point, '0'};
    }
    return found;
}

inline std::string text_of(double value, char point) {
    const std::unique_ptr<char[]> room(new char[linreg::kNumberSize]);
    const char* end = linreg::write_number(value, point, room.get());
    std::string text(room.get(), static_cast<size_t>(end - room.get()));
    check(text == slow_text_of(value, point), "a number is written otherwise");
    return text;
}

inline void check_digits(uint64_t number) {
    char found[16], expected[16];
    const unsigned flags = linreg::write_sixteen_digits(number, found);
    check(flags == linreg::write_sixteen_digits_simply(number, expected), "a digit's flag is wrong");
    check(std::memcmp(found, expected, sizeof found) == 0, "a digit is wrong");
    char printed[17];
    std::snprintf(printed, sizeof printed, "%016llu", static_cast<unsigned long long>(number));
    check(std::memcmp(found, printed, sizeof found) == 0, "a digit is printed otherwise");
}

inline void run(Random& random) {
    for (int i = 0; i < kNumbers; i++) text_of(any_number(random), '.');
    check_digits((random() >> random() % 64) % linreg::kTenToThe16);
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
