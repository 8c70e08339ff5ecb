// Sums of products of columns over the rows of each group.
//
//     codes     0      1      0       group of each row
//     columns   1800   1200   1500    group 0    rows 2    sums of 1, x, xx, y, yx, yy ...
//               540    360    450     group 1    rows 1
//
// The sums are integers of 128 bits. Who adds rows sees to it that they cannot overflow.

#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "code_sums.hpp"
#include "sums.hpp"

namespace linreg {

constexpr double kSumLimit = 0x1p125;

class GroupSums {
 public:
    explicit GroupSums(size_t columns = 0) : columns_(columns) {}

    size_t size() const { return rows.size(); }
    size_t columns() const { return columns_; }
    size_t pairs() const { return (columns_ + 1) * (columns_ + 2) / 2; }

    std::vector<int64_t> rows;
    std::vector<int128> sums;      // of each group: (0, 0), (1, 0), (1, 1), (2, 0) ...
    std::vector<Extent> extents;   // of each group: x1 ... xp
    std::vector<int64_t> weightless;  // rows of each group with a weight of 0, which are left out
    std::vector<int128> log_weights;  // as add_logarithms has them

    void resize(size_t size) {
        constexpr Extent kNone{std::numeric_limits<int64_t>::max(),
                               std::numeric_limits<int64_t>::min()};
        rows.resize(size, 0);
        weightless.resize(size, 0);
        log_weights.resize(size, 0);
        sums.resize(size * pairs(), 0);
        extents.resize(size * columns_, kNone);
    }

    // Adds rows; the codes are below `size()`. `weights` may be null.
    void add(const std::vector<const int64_t*>& values, const int64_t* weights,
             const int64_t* codes, size_t count) {
        switch (columns_) {  // so that the loops over columns have no branches
            case 1: return add_rows<1>(values, weights, codes, count);
            case 2: return add_rows<2>(values, weights, codes, count);
            case 3: return add_rows<3>(values, weights, codes, count);
            case 4: return add_rows<4>(values, weights, codes, count);
            default: return add_rows<0>(values, weights, codes, count);
        }
    }

    // Adds a group of other sums to one of these.
    void add_group(const GroupSums& other, size_t from, size_t to) {
        rows[to] += other.rows[from];
        weightless[to] += other.weightless[from];
        log_weights[to] += other.log_weights[from];
        for (size_t i = 0; i < pairs(); i++) sums[to * pairs() + i] += other.sums[from * pairs() + i];
        for (size_t j = 0; j < columns_; j++) {
            Extent& extent = extents[to * columns_ + j];
            const Extent& more = other.extents[from * columns_ + j];
            extent.least = std::min(extent.least, more.least);
            extent.most = std::max(extent.most, more.most);
        }
    }

    std::vector<int64_t> limbs() const {
        std::vector<int64_t> found(3 * sums.size());
        for (size_t i = 0; i < sums.size(); i++) write_limbs(sums[i], &found[3 * i]);
        return found;
    }

    std::vector<int64_t> ends(int64_t Extent::*end) const {
        std::vector<int64_t> found;
        found.reserve(extents.size());
        for (const Extent& extent : extents) found.push_back(extent.*end);
        return found;
    }

 private:
    template <size_t kColumns>
    void add_rows(const std::vector<const int64_t*>& values, const int64_t* weights,
                  const int64_t* codes, size_t count) {
        const size_t columns = kColumns > 0 ? kColumns : columns_;
        const size_t pairs = (columns + 1) * (columns + 2) / 2;
        std::vector<int64_t> cells(1 + columns, 1);
        for (size_t i = 0; i < count; i++) {
            const auto group = static_cast<size_t>(codes[i]);
            if (weights != nullptr && weights[i] == 0) {
                weightless[group]++;
                continue;
            }
            for (size_t j = 0; j < columns; j++) cells[1 + j] = values[j][i];
            rows[group]++;
            Extent* extent = extents.data() + group * columns;
            for (size_t j = 0; j < columns; j++) {
                extent[j].least = std::min(extent[j].least, cells[1 + j]);
                extent[j].most = std::max(extent[j].most, cells[1 + j]);
            }
            int128* to = sums.data() + group * pairs;
            for (size_t j = 0; j <= columns; j++) {
                const int64_t left = weights == nullptr ? cells[j] : cells[j] * weights[i];
                for (size_t k = 0; k <= j; k++) *to++ += static_cast<int128>(left) * cells[k];
            }
        }
    }

    size_t columns_;
};

// An upper bound of the size of any sum of rows; infinite if a weight times a number is too large.
inline double bound_of(const std::vector<const int64_t*>& values, const int64_t* weights,
                       size_t count) {
    double most = 1;
    for (const int64_t* column : values) most = std::max(most, largest_of(column, count));
    double left = most;
    if (weights != nullptr) left *= std::max(1.0, largest_of(weights, count));
    if (left >= 0x1p62) return std::numeric_limits<double>::infinity();
    return left * most * static_cast<double>(count);
}

}  // namespace linreg
