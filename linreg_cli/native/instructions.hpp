// Which instructions of the processor are used.
//
//   plain   what every processor has; tests and the fuzzer compare the others with it
//   avx2    x86 processors since 2013
//
// Code for certain instructions stands in functions marked LINREG_AVX2. Such a function instantiates
// no template that other code uses as well: the linker keeps one copy, and it might be the wrong one.

#pragma once

#include <cstring>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define LINREG_HAS_AVX2 1
#define LINREG_AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))
#endif

// Is compiled anew inside each function that calls it, for the instructions of that function.
#define LINREG_INLINE inline __attribute__((always_inline))

namespace linreg {

enum class Instructions { plain, avx2 };

// The best that this processor has, or what `name` asks for.
inline Instructions choose_instructions(const char* name) {
    if (name != nullptr && std::strcmp(name, "plain") == 0) return Instructions::plain;
#if defined(LINREG_HAS_AVX2)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
        __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt")) {
        return Instructions::avx2;
    }
#endif
    return Instructions::plain;
}

}  // namespace linreg
