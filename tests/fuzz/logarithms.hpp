// Logarithms of integers beside those of the integers before them and of their factors, and the sums
// of some beside each by itself.

#pragma once

#include <algorithm>
#include <vector>

#include "../../linreg_cli/native/logarithms.hpp"
#include "check.hpp"

namespace fuzz_logarithms {

using linreg::int128;
using linreg::kLogError;

constexpr int kBits = linreg::kLogBits - linreg::kLogUnitBits;

inline bool are_near(int128 one, int128 other, int128 most) {
    return -most < one - other && one - other < most;
}

inline int64_t any_weight(Random& random) {
    const int64_t edge = int64_t{1} << random() % 60, any = any_integer(random);
    const int64_t weight = random() % 4 ? any : edge + any % 3;
    return std::max<int64_t>(1, weight < 0 ? -weight : weight);
}

// By log(n + 1) - log n = log((n + 1) / n), log 1 = 0 and log(n m) = log n + log m.
inline void check_logarithm(int64_t weight, int64_t factor) {
    const linreg::LogTables& tables = linreg::LogTables::get();
    const int128 log = linreg::log_of(weight, tables), next = linreg::log_of(weight + 1, tables);
    const auto number = static_cast<uint64_t>(weight);
    const int128 step = linreg::log_by_series(number + 1, number);
    check(are_near(next, log + step, 2 * kLogError), "a logarithm is not near to the next");
    check(are_near(linreg::log_of(1, tables), 0, kLogError), "the logarithm of 1 is not 0");
    const int64_t product = weight % (int64_t{1} << 30) * factor;
    if (product == 0) return;
    const int128 both = linreg::log_of(product / factor, tables) + linreg::log_of(factor, tables);
    check(are_near(linreg::log_of(product, tables), both, 3 * kLogError),
          "the logarithm of a product is not the sum of those of its factors");
}

// The logarithm of weight * 10**-decimals in whole units; false if more than one can be meant.
inline bool round(int64_t weight, int decimals, int128* rounded) {
    const linreg::LogTables& tables = linreg::LogTables::get();
    const int128 log = linreg::log_of(weight, tables) - decimals * tables.ten;
    const int128 unit = int128{1} << kBits;
    int128 rest = log % unit;
    if (rest < 0) rest += unit;
    *rounded = (log - rest) / unit + (rest >= unit / 2);
    return !are_near(rest, unit / 2, kLogError);
}

inline void run(Random& random) {
    check_logarithm(any_weight(random), 1 + static_cast<int64_t>(random() % (1 << 29)));
    const size_t count = random() % 20, size = 1 + random() % 3;
    const int decimals = static_cast<int>(random() % (random() % 8 ? 4 : 300));
    std::vector<int64_t> weights(count), codes(random() % 2 ? count : 0);
    for (int64_t& each : weights) each = random() % 64 ? any_weight(random) : any_integer(random);
    for (int64_t& each : codes) each = static_cast<int64_t>(random() % size);
    if (!codes.empty() && random() % 16 == 0) codes[random() % count] = random() % 2 ? -1 : 3;
    std::vector<int128> sums(size), expected(size);
    const auto data = copy_of<int64_t>(weights), places = copy_of<int64_t>(codes);
    const bool is_sure =
        linreg::add_logarithms(data.get(), codes.empty() ? nullptr : places.get(), count, decimals,
                               sums.data(), size);
    bool fits = decimals <= linreg::kMostLogDecimals;
    for (size_t i = 0; fits && i < count; i++) {
        const int64_t code = codes.empty() ? 0 : codes[i];
        int128 rounded = 0;
        fits = weights[i] >= 0 && 0 <= code && code < static_cast<int64_t>(size) &&
               (weights[i] == 0 || round(weights[i], decimals, &rounded));
        if (fits) expected[static_cast<size_t>(code)] += rounded;
    }
    check(is_sure == fits, "it is certain of other logarithms");
    check(!is_sure || sums == expected, "a sum of logarithms is wrong");
}

}  // namespace fuzz_logarithms
