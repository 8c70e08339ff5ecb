// The predictions for a file, written in its order while threads predict for what follows.
//
//     a file        the thread that predicted for the next range writes it, while its text is in the
//                   cache of its core
//     a pipe ...    the main thread writes: a reader may keep it waiting, and only there a signal
//                   ends the waiting

#pragma once

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

#include "file_pass.hpp"
#include "predicted_records.hpp"

namespace linreg {

inline bool is_regular_file(int descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

class WrittenPass {
 public:
    using Pass = FilePass<PredictedRecords>;
    enum class State { writing, over, failed };

    WrittenPass(const FileRanges& ranges, size_t threads, Pass::Work work, int output)
        : output_(output), is_file_(is_regular_file(output)),
          pass_(ranges, threads, std::move(work), {is_file_, [this](PredictedRecords* found) {
              if (is_file_) found->is_sure = write_whole(*found);
          }}) {}

    // Works until kPatience is over or a signal comes; adds the counts of what is written.
    State write_for_a_while(PredictedRecords* counts) {
        const Pass::State state = is_file_ ? wait(counts) : feed(counts);
        const bool is_over = state == Pass::State::over;
        if ((is_over || !is_file_) && error_ != 0) return State::failed;
        return is_over ? State::over : State::writing;
    }

    int error() const { return error_; }  // of the system, once it failed
    int64_t offset() const { return pass_.offset(); }

 private:
    // False if it fails.
    bool write_whole(const PredictedRecords& found) {
        for (size_t done = 0; done < found.size;) {
            if (!write_some(found, &done) && error_ != 0) return false;
        }
        return true;
    }

    // Lets threads write a file.
    Pass::State wait(PredictedRecords* counts) {
        PredictedRecords found;
        const Pass::State state = pass_.take(&found, kPatience);
        if (state == Pass::State::taken) counts->add(found);
        return state;
    }

    // Feeds a pipe.
    Pass::State feed(PredictedRecords* counts) {
        const auto end = std::chrono::steady_clock::now() + kPatience;
        while (true) {
            const auto left = end - std::chrono::steady_clock::now();
            if (!holds_any_) {
                const Pass::State state = pass_.take(&held_, left);
                if (state != Pass::State::taken) return state;
                holds_any_ = true;
                written_ = 0;
            }
            if (!write_held()) return Pass::State::waiting;
            holds_any_ = false;
            counts->add(held_);
            if (left <= left.zero()) return Pass::State::taken;
        }
    }

    // False if it fails, or was interrupted.
    bool write_held() {
        return written_ == held_.size || (write_some(held_, &written_) && written_ == held_.size);
    }

    bool write_some(const PredictedRecords& found, size_t* done) {
        const ssize_t count = write(output_, found.text.data() + *done, found.size - *done);
        if (count < 0 && errno != EINTR) error_ = errno;
        if (count > 0) *done += static_cast<size_t>(count);
        return count >= 0;
    }

    const int output_;
    const bool is_file_;
    int error_ = 0;          // is set before the pass is over
    PredictedRecords held_;  // what a pipe gets now
    bool holds_any_ = false;
    size_t written_ = 0;  // of its text
    Pass pass_;
};

}  // namespace linreg
