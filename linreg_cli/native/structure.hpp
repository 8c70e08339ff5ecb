// Where the records of CSV text are, one sub-block after another.
//
//     data     id,feet,price⏎1,500,150⏎2,2500,750⏎3,15|00,450⏎ ...
//              begin_                                ^ limit: the sub-block ends at the ⏎ before it
//
//     even     every width-th mark is a line end: the cells lie between the marks as they are
//     any      records one by one: blank lines, lone quotes, CR alone; what is not a record of the
//              file's width is left to the general reader

#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "layout.hpp"
#include "marks.hpp"
#include "utf8.hpp"

namespace linreg {

// An array whose values are not set before they are pushed; it keeps its memory for the next data.
template <typename T>
class Array {
 public:
    void push(T value) {
        reserve(size_ + 1);
        values_[size_++] = value;
    }
    // Makes room for `count` values in all.
    void reserve(size_t count) {
        if (count <= room_) return;
        room_ = std::max(count, 2 * room_);
        std::unique_ptr<T[]> values(new T[room_]);
        if (size_ > 0) std::memcpy(values.get(), values_.get(), size_ * sizeof(T));
        values_ = std::move(values);
    }
    void resize(size_t count) {
        reserve(count);
        size_ = count;
    }
    void clear() { size_ = 0; }
    size_t size() const { return size_; }
    const T* data() const { return values_.get(); }
    T* data() { return values_.get(); }
    T& operator[](size_t i) { return values_[i]; }
    const T& operator[](size_t i) const { return values_[i]; }

 private:
    std::unique_ptr<T[]> values_;
    size_t size_ = 0, room_ = 0;
};

// Where the text of a cell lies, without its quotes.
struct Cell {
    uint32_t begin;
    uint32_t end;
};

// Where the cells of a column lie in a sub-block.
struct Places {
    const uint32_t* begins;   // of each `step`-th number: where a cell begins,
    const uint32_t* ends;     // and the offset `behind` bytes after its end
    size_t step;
    uint32_t behind;
    bool has_quotes;          // a cell may have quotes around it

    Cell at(const char* data, size_t i) const {
        const Cell cell{begins[i * step], ends[i * step] - behind};
        const bool is_quoted = has_quotes && cell.begin < cell.end && data[cell.begin] == '"';
        return is_quoted ? Cell{cell.begin + 1, cell.end - 1} : cell;
    }
};

inline bool is_blank(char c) { return c == ' ' || c == '\t'; }

// Finds the records and the wanted cells in them.
class Structure {
 public:
    Structure() = default;
    Structure(const Structure&) = delete;
    Structure& operator=(const Structure&) = delete;

    void start(const char* data, size_t size, const Layout& layout) {
        data_ = data;
        size_ = static_cast<uint32_t>(size);
        layout_ = &layout;
        begin_ = 0;
        is_sure_ = true;
        fields_.resize(static_cast<size_t>(layout.width));
        lines = 0;
    }

    // Finds the next sub-block; false at the end, or where a record needs the general reader.
    bool next() {
        // long records: a few hundred cells of each column are read together
        size_t bytes = layout_->block_bytes * (layout_->width > kMany ? 4 : 1);
        while (is_sure_ && begin_ < size_) {
            const auto limit = static_cast<uint32_t>(std::min<size_t>(size_, begin_ + bytes));
            if (find_even(limit) || find_any(limit)) return true;
            is_sure_ &= limit < size_;  // else a record is longer than the sub-block
            bytes *= 2;
        }
        return false;
    }

    bool is_sure() const { return is_sure_; }

    // Where the cells of the j-th wanted column are.
    Places places(size_t j) const {
        if (!is_even_) {
            return {&cells_.data()[j].begin, &cells_.data()[j].end, 2 * layout_->wanted.size(), 0,
                    false};
        }
        const int field = layout_->wanted[j];
        const uint32_t* begins = behind_.data() + field;
        const bool is_last = field == layout_->width - 1;
        return {begins, begins + 1, width(), is_last ? line_end_ : 1, has_quotes_};
    }

    // Adds where the text of each record is.
    void add_records(Array<Cell>* spans) const {
        spans->resize(spans->size() + records);
        Cell* to = spans->data() + spans->size() - records;
        const uint32_t* begin = behind_.data();
        for (size_t i = 0; i < records; i++, begin += width()) {
            to[i] = is_even_ ? Cell{begin[0], begin[width()] - line_end_} : records_[i];
        }
    }

    size_t records = 0;  // of the sub-block
    int64_t lines = 0;   // line ends so far, a CRLF as one

 private:
    static constexpr uint32_t kNone = UINT32_MAX;
    static constexpr int kMany = 32;

    size_t width() const { return static_cast<size_t>(layout_->width); }

    // ------------------------------------------------------------ even records

    // Takes the records up to the last line end before the limit, if all are written evenly.
    bool find_even(uint32_t limit) {
        behind_.resize(1 + limit - begin_ + kStep);
        behind_[0] = begin_;
        Found found{};
        found.to = behind_.data() + 1;
        find_marks(data_, begin_, limit, *layout_, &found);
        if (found.is_odd) return false;
        auto count = static_cast<size_t>(found.to - behind_.data()) - 1;
        while (count > 0 && data_[behind_[count] - 1] != '\n') count--;
        if (count == 0 || count % width() != 0 || count / width() != found.feeds) return false;
        if (!are_even(found, limit)) return false;
        const uint32_t end = behind_[count];
        if (!found.is_ascii && !is_utf8(data_ + begin_, end - begin_, layout_->instructions)) {
            return false;
        }
        is_even_ = true;
        has_quotes_ = found.has_quotes != 0;
        records = found.feeds;
        lines += found.has_inner_feeds ? std::count(data_ + begin_, data_ + end, '\n')
                                       : static_cast<std::ptrdiff_t>(records);
        begin_ = end;
        return true;
    }

    // Whether every width-th mark ends a line, and all lines end alike.
    bool are_even(const Found& found, uint32_t limit) {
        const uint32_t* end = behind_.data();
        size_t returns = 0;
        bool is_even = true;
        for (size_t i = 0; i < found.feeds; i++) {
            end += width();
            is_even &= data_[*end - 1] == '\n';
            if (found.returns) returns += *end - begin_ > 1 && data_[*end - 2] == '\r';
            if (layout_->has_empty_last) {
                is_even &= end[0] - end[-1] == (found.returns ? 2 : 1);
            }
        }
        // the limit may cut a CRLF
        const bool is_cut = returns > 0 && *end < limit && data_[limit - 1] == '\r';
        line_end_ = returns > 0 ? 2 : 1;
        return is_even && found.returns == returns + is_cut &&
               (returns == 0 || returns == found.feeds);
    }

    // ------------------------------------------------------------ records of any form

    // Takes the records that are whole before the limit; false if there is none, or one needs the
    // general reader.
    bool find_any(uint32_t limit) {
        marks_.find(data_, begin_, limit, layout_->delimiter);
        next_ = marks_.begin();
        last_ = marks_.end();
        limit_ = limit;
        start_ = begin_;
        cells_.clear();
        records_.clear();
        is_even_ = false;
        while (start_ < limit) {
            const int64_t lines_before = lines;
            const uint32_t start = start_;
            const size_t records_before = records_.size();
            const bool is_record = plain_record() || record();
            if (limit < size_ && next_ == last_) {  // what follows may be part of it
                lines = lines_before;
                start_ = start;
                records_.resize(records_before);
                cells_.resize(records_before * layout_->wanted.size());
                break;
            }
            if (!is_record) {
                is_sure_ = false;
                return false;
            }
        }
        start_ = std::min(start_, limit);  // the last record may lack its line end
        if (start_ == begin_) return false;
        if (!marks_.is_ascii() &&
            !is_utf8(data_ + begin_, start_ - begin_, layout_->instructions)) {
            is_sure_ = false;
            return false;
        }
        records = records_.size();
        begin_ = start_;
        return true;
    }

    // Takes a record without quotes that ends in LF or CRLF; takes nothing if it is another.
    bool plain_record() {
        const int count = layout_->width;
        if (last_ - next_ < count) return false;
        for (int i = 0; i + 1 < count; i++) {
            if (data_[next_[i] - 1] != layout_->delimiter) return false;
        }
        const uint32_t end = next_[count - 1] - 1;
        const bool is_crlf = is_at(end, '\r') && is_at(end + 1, '\n');
        if (data_[end] != '\n' && !is_crlf) return false;
        if (layout_->has_empty_last && end != next_[count - 2]) return false;
        for (int field : layout_->wanted) {
            cells_.push({field == 0 ? start_ : next_[field - 1], next_[field] - 1});
        }
        records_.push({start_, end});
        next_ += count + is_crlf;
        start_ = end + 1 + is_crlf;
        lines++;
        return true;
    }

    // Takes a record of any form; false if it needs the general reader.
    bool record() {
        int count = 0;
        uint32_t begin = start_, end;
        while (true) {
            end = take();
            Cell cell{begin, end};
            if (is_at(end, '"')) {
                if (end != begin) continue;  // in the middle of a field it is text
                end = end_of_quoted();
                if (end == kNone) return false;
                cell = {begin + 1, end - 1};
            }
            if (count == layout_->width || is_at(end, 0)) return false;
            fields_[static_cast<size_t>(count++)] = cell;
            if (!is_at(end, layout_->delimiter)) break;
            begin = end + 1;
        }
        const bool is_crlf = is_at(end, '\r') && is_at(end + 1, '\n');
        if (is_crlf) take();
        if (layout_->width > 1 && count == 1 && is_blank_text(start_, end)) {
            start_ = end + 1 + is_crlf;
            return true;
        }
        if (count != layout_->width) return false;
        if (layout_->has_empty_last && !(end > start_ && is_at(end - 1, layout_->delimiter))) {
            return false;
        }
        for (int field : layout_->wanted) cells_.push(fields_[static_cast<size_t>(field)]);
        records_.push({start_, end});
        start_ = end + 1 + is_crlf;
        return true;
    }

    // The mark behind the closing quote; none if there is no delimiter or line end.
    uint32_t end_of_quoted() {
        while (true) {
            uint32_t close = take();
            if (close == limit_ || data_[close] == 0) return kNone;
            if (data_[close] != '"') continue;
            if (is_at(close + 1, '"')) {
                take();
                continue;
            }
            return take() == close + 1 ? close + 1 : kNone;
        }
    }

    // The next mark, or the limit.
    uint32_t take() {
        if (next_ == last_) return limit_;
        uint32_t mark = *next_++ - 1;
        lines += data_[mark] == '\n' || (data_[mark] == '\r' && !is_at(mark + 1, '\n'));
        return mark;
    }

    bool is_at(uint32_t position, char c) const { return position < limit_ && data_[position] == c; }

    bool is_blank_text(uint32_t begin, uint32_t end) const {
        return std::all_of(data_ + begin, data_ + end, is_blank);
    }

    const char* data_ = nullptr;
    const Layout* layout_ = nullptr;
    uint32_t size_ = 0;
    uint32_t begin_ = 0;     // of the sub-block
    bool is_sure_ = true;
    bool is_even_ = false;   // how the sub-block was found
    // of even records: 0 and the offsets behind the marks
    Array<uint32_t> behind_;
    uint32_t line_end_ = 1;  // its size
    bool has_quotes_ = false;
    // of records of any form
    Marks marks_;
    Array<Cell> cells_;      // the wanted ones, record by record
    Array<Cell> records_;
    std::vector<Cell> fields_;  // of one record
    const uint32_t* next_ = nullptr;
    const uint32_t* last_ = nullptr;
    uint32_t limit_ = 0;
    uint32_t start_ = 0;     // of the record
};

}  // namespace linreg
