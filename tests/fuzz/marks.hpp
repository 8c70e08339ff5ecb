// Marks of random bytes beside those found one byte at a time, for all instructions.

#pragma once

#include <string>
#include <vector>

#include "../../linreg_cli/native/marks.hpp"
#include "check.hpp"

namespace fuzz_marks {

// Bytes of which few or many are marks.
inline std::string any_bytes(Random& random) {
    const char marks[] = {',', ',', '\n', '"', '"', '\r', '\xc3', 0};
    const uint64_t kinds = random() % (sizeof marks + 1), share = 1 + random() % 32;
    std::string bytes(random() % 300, '1');
    for (char& each : bytes) {
        if (kinds > 0 && random() % 32 < share) each = marks[random() % kinds];
    }
    return bytes;
}

// Finds the marks of a part of some bytes.
inline void run(Random& random) {
    const std::string bytes = any_bytes(random);
    const auto data = copy_of<char>(bytes);
    const size_t begin = random() % (bytes.size() + 1);
    std::vector<uint32_t> expected;
    size_t quotes = 0, feeds = 0, returns = 0;
    bool is_ascii = true, has_nul = false;
    for (size_t i = begin; i < bytes.size(); i++) {
        quotes += bytes[i] == '"';
        returns += bytes[i] == '\r';
        is_ascii &= static_cast<unsigned char>(bytes[i]) < 128;
        has_nul |= bytes[i] == 0;
        if (quotes % 2 != 0 || (bytes[i] != ',' && bytes[i] != '\n')) continue;
        expected.push_back(static_cast<uint32_t>(i + 1));
        feeds += bytes[i] == '\n';
    }
    bool is_odd[3];
    for (size_t way = 0; way < 3; way++) {
        linreg::Layout layout;
        layout.delimiter = ',';
        layout.instructions = linreg::choose_instructions(linreg::kInstructionNames[way]);
        std::vector<uint32_t> behind(bytes.size() - begin + linreg::kStep);
        linreg::Found found{};
        found.to = behind.data();
        linreg::find_marks(data.get(), begin, bytes.size(), layout, &found);
        behind.resize(static_cast<size_t>(found.to - behind.data()));
        check(behind == expected, "a mark is lost");
        check(found.feeds == feeds && found.returns == returns, "a line end is lost");
        check((found.has_quotes != 0) == (quotes > 0), "a quote is lost");
        check(found.is_ascii == is_ascii, "a byte that is not ASCII is lost");
        check(found.is_odd || !has_nul, "a NUL is lost");
        is_odd[way] = found.is_odd != 0;
    }
    check(is_odd[0] == is_odd[1] && is_odd[0] == is_odd[2], "what is odd depends on instructions");
}

}  // namespace fuzz_marks
