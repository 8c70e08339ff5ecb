// Which instructions of the processor are used.
//
//   plain   what every processor has; tests and the fuzzer compare the others with it
//   avx2    x86 processors since 2013
//   avx512  those with VBMI2, BW and VL, since 2019; they use AVX2 as well
//
// Code for certain instructions stands in functions marked LINREG_AVX2 or LINREG_AVX512. Such a function
// instantiates no template that other code uses as well: the linker keeps one copy, and it might be the
// wrong one.

#pragma once

#include <cstring>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define LINREG_HAS_AVX2 1
#define LINREG_AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))
#define LINREG_AVX512 __attribute__((target("avx512bw,avx512vl,avx512vbmi2,bmi,bmi2,popcnt")))
#endif

// Is compiled anew inside each function that calls it, for the instructions of that function.
#define LINREG_INLINE inline __attribute__((always_inline))

namespace linreg {

enum class Instructions { plain, avx2, avx512 };  // each with all before it

constexpr const char* kInstructionNames[] = {"plain", "avx2", "avx512"};

// The best that this processor has.
inline Instructions best_instructions() {
#if defined(LINREG_HAS_AVX2)
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi") ||
        !__builtin_cpu_supports("bmi2") || !__builtin_cpu_supports("popcnt")) {
        return Instructions::plain;
    }
    const bool has_avx512 = __builtin_cpu_supports("avx512bw") &&
                            __builtin_cpu_supports("avx512vl") &&
                            __builtin_cpu_supports("avx512vbmi2");
    return has_avx512 ? Instructions::avx512 : Instructions::avx2;
#else
    return Instructions::plain;
#endif
}

// What `name` asks for, if this processor has it, or else the best.
inline Instructions choose_instructions(const char* name) {
    const Instructions best = best_instructions();
    for (int i = 0; name != nullptr && i < static_cast<int>(best); i++) {
        if (std::strcmp(name, kInstructionNames[i]) == 0) return static_cast<Instructions>(i);
    }
    return best;
}

}  // namespace linreg
