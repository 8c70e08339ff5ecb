// Runs the C++ code on random inputs, well formed and not, under sanitizers.
//
//     fuzz INPUTS [SEED]
//
// Beside not crashing, each part must agree with what slow and simple code finds.

#include "dates.hpp"
#include "fourth_sums.hpp"
#include "levels.hpp"
#include "logarithms.hpp"
#include "marks.hpp"
#include "predicted_records.hpp"
#include "predictions.hpp"
#include "scans.hpp"
#include "splits.hpp"
#include "summed_records.hpp"
#include "sums.hpp"
#include "texts.hpp"

constexpr long kInputsForAFile = 20;

int main(int count, char** arguments) {
    const long inputs = count > 1 ? std::atol(arguments[1]) : 100000;
    Random random(count > 2 ? std::strtoull(arguments[2], nullptr, 10) : 7);
    fuzz_sums::run_largest();
    long sure = 0, predicted = 0, summed = 0, coded = 0, dates = 0;
    size_t certain = 0;
    for (long i = 0; i < inputs; i++) {
        fuzz_marks::run(random);
        sure += fuzz_scans::run(random);
        fuzz_sums::run(random);
        fuzz_splits::run(random);
        fuzz_fourth_sums::run(random);
        certain += fuzz_predictions::run(random);
        fuzz_predictions::run_by_code(random);
        fuzz_texts::run(random);
        fuzz_logarithms::run(random);
        predicted += fuzz_predicted_records::run(random);
        summed += fuzz_summed_records::run(random);
        coded += fuzz_levels::run(random);
        fuzz_levels::run_sums(random);
        dates += fuzz_dates::run(random);
        if (i % kInputsForAFile == 0) {
            fuzz_predicted_records::run_file(random);
            fuzz_predicted_records::run_written_file(random);
            fuzz_summed_records::run_file(random);
        }
    }
    std::printf("%ld inputs each, %ld scanned to the end, %zu certain predictions, %ld with "
                "predictions, %ld with sums, %ld with codes, %ld dates, no finding\n",
                inputs, sure, certain, predicted, summed, coded, dates);
    return 0;
}
