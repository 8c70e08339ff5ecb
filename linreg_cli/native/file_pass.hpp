// A file read by several threads, range by range; the results come in the order of the file.
//
//     offsets       start       + range_bytes     + range_bytes            end
//     file      ⏎   │1,2⏎3,4⏎5,6│,7⏎8,9⏎     ...  │                         │  the rest is for others
//     records       └ range 0 ──────┘└ range 1 ────────┘
//
// A range ends with the first line feed at or behind its last byte, and the next one begins there.
// That a record begins there is a guess: the line feed may stand in quotes. It is right if a record
// begins at the start, and the work on every range before was sure: then each of them was whole
// records, outside of quotes at the end. The first range that is not sure ends the pass.
//
//     threads     work on ranges in any order, and finish them in the order of the file: whoever
//                 has just worked on the next one
//     main        takes results, or their sum now and then, which wakes it less often

#pragma once

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <unistd.h>

namespace linreg {

constexpr size_t kRangeBytes = size_t{1} << 18;  // of a range, which stays in a core's cache
constexpr size_t kTailBytes = size_t{1} << 12;   // that are read behind a range for its last record
constexpr size_t kMostTail = size_t{1} << 22;    // a longer record is for others
constexpr size_t kAhead = 2;                     // results for each thread that are not taken yet

constexpr std::chrono::milliseconds kPatience(50);  // between looks for Ctrl-C

// Reads a number of bytes at an offset; false if there are fewer.
inline bool read_at(int descriptor, int64_t offset, char* to, size_t size) {
    while (size > 0) {
        const ssize_t count = pread(descriptor, to, size, static_cast<off_t>(offset));
        if (count <= 0) return false;
        to += count;
        offset += count;
        size -= static_cast<size_t>(count);
    }
    return true;
}

// The ranges of a file, and the records in each.
struct FileRanges {
    int descriptor;
    int64_t start;  // where a record begins
    int64_t end;    // of the file
    size_t range_bytes;

    // How many there are: the last bytes of the file are in none.
    int64_t count() const {
        return std::max<int64_t>(0, (end - start) / static_cast<int64_t>(range_bytes) - 1);
    }

    // Where a range begins, if a line feed is before it.
    int64_t offset(int64_t range) const { return start + range * static_cast<int64_t>(range_bytes); }

    // Reads the records of a range; false if it cannot. `data` then has `begin` to `stop`.
    bool read(int64_t range, std::vector<char>* data, size_t* begin, size_t* stop) const {
        const int64_t first = range == 0 ? start : offset(range) - 1;
        size_t size = static_cast<size_t>(offset(range + 1) - first);
        const size_t last = size - 1;  // index of the last byte of the range
        if (!read_more(first, &size, kTailBytes, 0, data)) return false;
        if (!find_behind(first, range == 0 ? kNowhere : 0, &size, data, begin)) return false;
        return find_behind(first, last, &size, data, stop);
    }

 private:
    static constexpr size_t kNowhere = SIZE_MAX;

    // Makes `data` longer by `more` bytes, or by what is left of the file.
    bool read_more(int64_t first, size_t* size, size_t more, size_t held,
                   std::vector<char>* data) const {
        const auto left = static_cast<size_t>(end - first);
        if (*size >= left && held > 0) return false;
        *size = std::min(*size + more, left);
        if (data->size() < *size) data->resize(*size);
        return read_at(descriptor, first + static_cast<int64_t>(held), data->data() + held,
                       *size - held);
    }

    // Finds what is behind the first line feed at or after `from`; 0 if there is nothing to find.
    bool find_behind(int64_t first, size_t from, size_t* size, std::vector<char>* data,
                     size_t* found) const {
        *found = 0;
        if (from == kNowhere) return true;
        size_t more = kTailBytes;
        for (size_t at = from; more <= kMostTail; more *= 4) {
            const void* feed = std::memchr(data->data() + at, '\n', *size - at);
            if (feed != nullptr) {
                *found = static_cast<size_t>(static_cast<const char*>(feed) - data->data()) + 1;
                return true;
            }
            at = *size;
            if (!read_more(first, size, more, *size, data)) return false;
        }
        return false;
    }
};

// A file descriptor of its own, so that the file stays open while threads read it.
class OpenFile {
 public:
    explicit OpenFile(int descriptor) : descriptor_(dup(descriptor)) {
        if (descriptor_ < 0) throw std::system_error(errno, std::generic_category());
    }
    ~OpenFile() { close(descriptor_); }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    int descriptor() const { return descriptor_; }

 private:
    int descriptor_;
};

// What becomes of a range that was worked on, in the order of the file.
template <typename Result>
struct Finish {
    bool adds_up = false;  // the results are added up, by `add`, as soon as they are finished
    std::function<void(Result* result)> first = nullptr;  // is done before; the result may become unsure
};

// Reads ranges on threads of its own. A result has members `is_sure` and `add`.
template <typename Result>
class FilePass {
 public:
    using Work = std::function<void(const char* data, size_t size, Result* result)>;

    FilePass(const FileRanges& ranges, size_t threads, Work work, Finish<Result> finish)
        : file_(ranges.descriptor),
          ranges_{file_.descriptor(), ranges.start, ranges.end, ranges.range_bytes},
          work_(std::move(work)),
          finish_(std::move(finish)),
          slots_(kAhead * threads),
          offset_(ranges.start),
          taken_offset_(ranges.start) {
        spare_.reserve(slots_.size());
        threads_.reserve(threads);
        for (size_t i = 0; i < threads; i++) {
            try {
                threads_.emplace_back([this] { run(); });
            } catch (const std::system_error&) {
                if (threads_.empty()) throw;
                return;  // fewer threads take longer
            }
        }
    }

    ~FilePass() {
        stop();
        for (std::thread& thread : threads_) thread.join();
    }

    FilePass(const FilePass&) = delete;
    FilePass& operator=(const FilePass&) = delete;

    enum class State { taken, waiting, over };

    // Takes the result of the next range, waiting for it a while; or, if they are added up, what
    // came together in a while. After the last range, and from one on that is not sure, the pass is
    // over.
    State take(Result* result, std::chrono::nanoseconds patience) {
        std::unique_lock<std::mutex> lock(mutex_);
        is_done_.wait_for(lock, patience, [&] {
            return is_over() || (!finish_.adds_up && free_ < finished_);
        });
        if (has_no_room_) throw std::bad_alloc();
        if (finish_.adds_up) {
            if (offset_ == taken_offset_) return is_over() ? State::over : State::waiting;
            *result = Result();
            std::swap(*result, sum_);
        } else {
            if (free_ == finished_) return is_over() ? State::over : State::waiting;
            Slot& slot = slot_of(free_);
            std::swap(*result, slot.result);
            offset_ += static_cast<int64_t>(slot.size);
            free_slot(&slot);
        }
        taken_offset_ = offset_;
        return State::taken;
    }

    // Where the records begin that are not taken yet.
    int64_t offset() const { return taken_offset_; }

 private:
    struct Slot {
        Result result;
        size_t size = 0;  // of the data
        bool is_done = false;
    };

    Slot& slot_of(int64_t range) { return slots_[static_cast<size_t>(range) % slots_.size()]; }

    bool is_over() const { return is_stopped_ || finished_ == ranges_.count(); }

    void stop() {
        const std::lock_guard<std::mutex> lock(mutex_);
        end();
    }

    // No further range is worked on, or finished.
    void end() {
        is_stopped_ = true;
        has_room_.notify_all();
        is_done_.notify_all();
    }

    void run() {
        std::vector<char> data;
        std::unique_lock<std::mutex> lock(mutex_);
        while (true) {
            has_room_.wait(lock, [&] {
                return is_stopped_ || next_ == ranges_.count() ||
                       next_ - free_ < static_cast<int64_t>(slots_.size());
            });
            if (is_stopped_ || next_ == ranges_.count()) return;
            const int64_t range = next_++;
            Slot& slot = slot_of(range);  // no other thread touches it until it is done
            if (!spare_.empty()) {
                slot.result = std::move(spare_.back());
                spare_.pop_back();
            }
            lock.unlock();
            work_on(range, &data, &slot);
            lock.lock();
            slot.is_done = true;
            if (!is_finishing_) finish_in_order(&lock);
        }
    }

    void work_on(int64_t range, std::vector<char>* data, Slot* slot) {
        slot->result.is_sure = false;
        try {
            size_t begin, stop;
            if (!ranges_.read(range, data, &begin, &stop)) return;
            slot->size = stop - begin;
            work_(data->data() + begin, stop - begin, &slot->result);
        } catch (const std::exception&) {  // no memory
            slot->result.is_sure = false;    // slower code takes the range, and says so
        }
    }

    // Finishes the ranges that are next, up to one that is not sure.
    void finish_in_order(std::unique_lock<std::mutex>* lock) {
        is_finishing_ = true;
        while (!is_over() && slot_of(finished_).is_done) {
            Slot& slot = slot_of(finished_);
            slot.is_done = false;
            if (finish_.first && slot.result.is_sure) {
                lock->unlock();
                finish_.first(&slot.result);
                lock->lock();
            }
            if (!slot.result.is_sure) return end();
            finished_++;
            if (finish_.adds_up) add(&slot);
            if (is_over() || !finish_.adds_up) is_done_.notify_all();
        }
        is_finishing_ = false;
    }

    void add(Slot* slot) {
        try {
            sum_.add(slot->result);
        } catch (const std::exception&) {
            has_no_room_ = true;
            return end();
        }
        offset_ += static_cast<int64_t>(slot->size);
        free_slot(slot);
    }

    // The next range gets the memory that was used last: it is in a cache.
    void free_slot(Slot* slot) {
        spare_.push_back(std::move(slot->result));
        free_++;
        has_room_.notify_one();
    }

    const OpenFile file_;
    const FileRanges ranges_;
    const Work work_;
    const Finish<Result> finish_;
    std::vector<Slot> slots_;
    std::mutex mutex_;  // of what follows, and of `is_done`
    std::condition_variable has_room_, is_done_;
    int64_t next_ = 0, finished_ = 0, free_ = 0;  // ranges
    bool is_finishing_ = false, is_stopped_ = false, has_no_room_ = false;
    int64_t offset_;        // of what is finished, if that is added up; else of what is taken
    int64_t taken_offset_;
    Result sum_;
    std::vector<Result> spare_;
    std::vector<std::thread> threads_;
};

}  // namespace linreg
