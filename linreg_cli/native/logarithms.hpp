// Sums of natural logarithms of weights, each rounded to a whole number of units of 2**-64.
//
//     91.62 = 9162 / 10**2       log = 13 log 2 + log m - 2 log 10,      m = 9162 / 2**13
//     m a = 1 + d                a from a table, by 7 bits of m          |d| < 2**-8
//     m a b = 1 + e              b from a table, by d in steps of 2**-16 |e| < 2**-16.9
//     log m = log(1 / a) + log(1 / b) + e - e**2 (1/2 - e (1/3 - e (1/4 - e / 5)))
//
// The logarithms of the tables, log 2 and log 10 are found by their series. All numbers are integers
// in small units, most of them of 2**-112. 1 + e is exact, and the error is at most, in this unit:
//
//     2**16.1   e**2 from an e that is cut off at 2**-79
//     2**15     e**2 cut off at 2**-96
//     2**15.2   the bracket cut off at 2**-63, and 2**8 for what follows e / 5
//     2**16.4   255 log 10, 59 log 2 and two logarithms of the tables, of whose series 40 terms or
//               fewer are rounded twice and then doubled
//
// together less than 2**18. If a logarithm is nearer than this to the middle of two units, it is for
// slower code; of a billion weights about two are. tests/fuzz/logarithms.hpp compares with the series
// of log((n + 1) / n).

#pragma once

#include <cstddef>
#include <cstdint>

#include "sums.hpp"

namespace linreg {

constexpr int kLogUnitBits = 64;  // of what logarithms are rounded to
constexpr int kLogBits = 112;     // of what they are computed in
constexpr int kMostLogDecimals = 255;
constexpr int128 kLogError = int128{1} << 18;

// log(numerator / denominator) = 2 (z + z**3 / 3 + z**5 / 5 + ...), in units of 2**-112, for
// z = (numerator - denominator) / (numerator + denominator) from 0 to 1/3, with a numerator less
// denominator of 15 bits.
inline int128 log_by_series(uint64_t numerator, uint64_t denominator) {
    __extension__ typedef unsigned __int128 uint128;
    const uint128 difference = numerator - denominator, both = uint128{numerator} + denominator;
    uint128 sum = 0, power = (difference << kLogBits) / both;
    for (uint64_t n = 1; power > 0; n += 2) {
        sum += power / n;
        power = power * difference / both * difference / both;
    }
    return static_cast<int128>(2 * sum);
}

// What logarithms are put together from.
struct LogTables {
    static constexpr int kFirstBits = 16, kSecondBits = 20;  // a and b, in these units
    static constexpr size_t kFirst = 128, kSecond = 512;

    int128 two, ten;
    int64_t first[kFirst], second[kSecond];
    int128 first_logs[kFirst], second_logs[kSecond];  // of 1 / a and 1 / b

    LogTables() {
        two = log_by_series(2, 1);
        ten = log_by_series(5, 4) + 3 * two;
        for (size_t j = 0; j < kFirst; j++) {
            const int64_t middle = 257 + 2 * static_cast<int64_t>(j);  // of the m, in 2**-8
            first[j] = ((int64_t{1} << 25) + middle) / (2 * middle);
            first_logs[j] = log_of_inverse(first[j], kFirstBits);
        }
        for (size_t j = 0; j < kSecond; j++) {
            const int64_t middle = (1 << 17) + 2 * (static_cast<int64_t>(j) - 256) + 1;  // in 2**-17
            second[j] = ((int64_t{1} << 38) + middle) / (2 * middle);
            second_logs[j] = log_of_inverse(second[j], kSecondBits);
        }
    }

    static const LogTables& get() {
        static const LogTables tables;
        return tables;
    }

 private:
    static int128 log_of_inverse(int64_t factor, int bits) {
        const auto number = static_cast<uint64_t>(factor), one = uint64_t{1} << bits;
        return number <= one ? log_by_series(one, number) : -log_by_series(number, one);
    }
};

// The logarithm of a positive integer, in units of 2**-112.
inline int128 log_of(int64_t integer, const LogTables& tables) {
    const int zeros = __builtin_clzll(static_cast<uint64_t>(integer));
    const uint64_t m = static_cast<uint64_t>(integer) << zeros;  // in 2**-63
    const size_t j = m >> 56 & (LogTables::kFirst - 1);
    const int128 d = static_cast<int128>(m) * tables.first[j] - (int128{1} << 79);  // in 2**-79
    const auto k = static_cast<size_t>(static_cast<int64_t>(d >> 63) + 256);
    const int128 one_and_e = (d + (int128{1} << 79)) * tables.second[k];  // in 2**-99
    const int128 e = one_and_e - (int128{1} << 99);
    const auto x = static_cast<int64_t>(e >> 20);  // in 2**-79
    const auto times_e = [x](int64_t factor) {
        return static_cast<int64_t>(static_cast<int128>(x) * factor >> 79);
    };
    constexpr int64_t kOne = INT64_MAX;  // in 2**-63
    const int64_t bracket = kOne / 2 - times_e(kOne / 3 - times_e(kOne / 4 - times_e(kOne / 5)));
    const auto square = static_cast<int64_t>(static_cast<int128>(x) * x >> 62);  // in 2**-96
    return (63 - zeros) * tables.two + tables.first_logs[j] + tables.second_logs[k] +
           e * (1 << 13) - (static_cast<int128>(square) * bracket >> 47);
}

// Adds the logarithms of weights times 10**-decimals, rounded, to the sums of their codes; all to the
// first if `codes` is null. A weight of 0 adds nothing. False if a logarithm cannot be rounded with
// certainty, a weight is negative, or a code is not that of a sum. The sums of 2**53 weights fit.
inline bool add_logarithms(const int64_t* weights, const int64_t* codes, size_t count, int decimals,
                           int128* sums, size_t size) {
    if (decimals < 0 || decimals > kMostLogDecimals) return false;
    const LogTables& tables = LogTables::get();
    constexpr int kBits = kLogBits - kLogUnitBits;
    constexpr int128 kMask = (int128{1} << kBits) - 1;
    const int128 half_less_tens = (int128{1} << (kBits - 1)) - decimals * tables.ten;
    for (size_t i = 0; i < count; i++) {
        const size_t code = codes == nullptr ? 0 : static_cast<size_t>(codes[i]);
        if (weights[i] < 0 || code >= size) return false;
        if (weights[i] == 0) continue;
        const int128 log = log_of(weights[i], tables) + half_less_tens;
        const int128 rest = log & kMask;
        if (rest < kLogError || rest > kMask - kLogError) return false;
        sums[code] += log >> kBits;
    }
    return true;
}

}  // namespace linreg
