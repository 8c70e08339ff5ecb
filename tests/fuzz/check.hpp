// What all parts of the fuzzer share.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>

#include "../../linreg_cli/native/instructions.hpp"

using Random = std::mt19937_64;

// The best instructions of this processor, or the ones before them.
inline linreg::Instructions any_instructions(Random& random) {
    return linreg::choose_instructions(random() % 2 ? "avx2" : nullptr);
}

inline void check(bool holds, const char* what) {
    if (!holds) {
        std::fprintf(stderr, "fuzz: %s\n", what);
        std::abort();
    }
}

// An exact copy on the heap, so that one value read beyond an end is seen.
template <typename T, typename Values>
std::unique_ptr<T[]> copy_of(const Values& values) {
    std::unique_ptr<T[]> copy(new T[values.size()]);
    size_t i = 0;
    for (const T& value : values) copy[i++] = value;
    return copy;
}

// An integer of at most 18 digits, often one at an edge.
inline int64_t any_integer(Random& random) {
    constexpr int64_t kLargest = 999999999999999999;
    const int64_t edges[] = {0, 1, -1, int64_t{1} << 24, int64_t{1} << 48, (int64_t{1} << 53) + 1,
                             int64_t{1} << 59, kLargest, -kLargest};
    const uint64_t bits = random();
    switch (random() % 4) {
        case 0:
            return edges[bits % (sizeof edges / sizeof *edges)];
        case 1:
            return static_cast<int64_t>(bits % 2000) - 1000;
        default:
            return static_cast<int64_t>(bits >> random() % 64) % (kLargest + 1);
    }
}
