// Sums of rows by group or code for Python; see _extension.cpp, which has what it needs.

#pragma once

#include "code_sums.hpp"
#include "group_sums.hpp"
#include "logarithms.hpp"

namespace {

PyObject* find_sums_by_code(PyObject*, PyObject* args) {
    Py_buffer values, weights, codes;
    Py_ssize_t size;
    if (!PyArg_ParseTuple(args, "y*y*y*n", &values, &weights, &codes, &size)) return nullptr;
    const auto width = static_cast<Py_ssize_t>(sizeof(int64_t));
    const Py_ssize_t rows = codes.len / width;
    const bool valid = codes.len % width == 0 && size >= 0 &&
                       (rows == 0 ? values.len == 0 : values.len % codes.len == 0) &&
                       (weights.len == 0 || weights.len == codes.len);
    std::vector<int128> sums;
    bool fits = false;
    const bool is_done = without_lock([&] {
        const bool has_weights = weights.len > 0;
        fits = valid &&
               sum_by_code(static_cast<const int64_t*>(values.buf),
                           has_weights ? static_cast<const int64_t*>(weights.buf) : nullptr,
                           static_cast<const int64_t*>(codes.buf),
                           rows == 0 ? 0 : static_cast<size_t>(values.len / codes.len),
                           static_cast<size_t>(rows), static_cast<size_t>(size), &sums);
    });
    for (Py_buffer* buffer : {&values, &weights, &codes}) PyBuffer_Release(buffer);
    if (!is_done) return nullptr;
    if (!valid) {
        PyErr_SetString(PyExc_ValueError, "the arrays do not fit together");
        return nullptr;
    }
    if (!fits) Py_RETURN_NONE;
    return as_bytes(sums);
}

PyObject* find_logarithms(PyObject*, PyObject* args) {
    Py_buffer weights, codes;
    int decimals;
    Py_ssize_t size;
    if (!PyArg_ParseTuple(args, "y*iy*n", &weights, &decimals, &codes, &size)) return nullptr;
    const auto count = static_cast<size_t>(weights.len) / sizeof(int64_t);
    const auto* places = codes.len > 0 ? static_cast<const int64_t*>(codes.buf) : nullptr;
    const bool valid = size > 0 && weights.len % static_cast<Py_ssize_t>(sizeof(int64_t)) == 0 &&
                       (places == nullptr || codes.len == weights.len);
    std::vector<int128> sums;
    bool fits = false;
    const bool is_done = without_lock([&] {
        if (!valid) return;
        sums.assign(static_cast<size_t>(size), 0);
        fits = add_logarithms(static_cast<const int64_t*>(weights.buf), places, count, decimals,
                              sums.data(), sums.size());
    });
    for (Py_buffer* buffer : {&weights, &codes}) PyBuffer_Release(buffer);
    if (!is_done) return nullptr;
    if (!valid) {
        PyErr_SetString(PyExc_ValueError, "the arrays do not fit together");
        return nullptr;
    }
    if (!fits) Py_RETURN_NONE;
    return as_bytes(sums);
}

// Sums products of columns by code: (rows, limbs, least, most), or None.
PyObject* sum_products_by_code(PyObject*, PyObject* args) {
    Py_buffer values, weights, codes;
    Py_ssize_t columns, size;
    if (!PyArg_ParseTuple(args, "y*y*y*nn", &values, &weights, &codes, &columns, &size)) {
        return nullptr;
    }
    const bool valid = columns > 0 && size >= 0 && values.len == columns * codes.len &&
                       codes.len % static_cast<Py_ssize_t>(sizeof(int64_t)) == 0 &&
                       (weights.len == 0 || weights.len == codes.len);
    GroupSums sums(valid ? static_cast<size_t>(columns) : 1);
    bool fits = false;
    const bool is_done = without_lock([&] {
        if (!valid) return;
        const size_t rows = static_cast<size_t>(codes.len) / sizeof(int64_t);
        std::vector<const int64_t*> starts;
        for (size_t j = 0; j < static_cast<size_t>(columns); j++) {
            starts.push_back(static_cast<const int64_t*>(values.buf) + j * rows);
        }
        const auto* each = weights.len > 0 ? static_cast<const int64_t*>(weights.buf) : nullptr;
        const auto* places = static_cast<const int64_t*>(codes.buf);
        fits = bound_of(starts, each, rows) < kSumLimit &&
               std::all_of(places, places + rows,
                           [size](int64_t code) { return 0 <= code && code < size; });
        if (!fits) return;
        sums.resize(static_cast<size_t>(size));
        sums.add(starts, each, places, rows);
    });
    PyBuffer_Release(&values);
    PyBuffer_Release(&weights);
    PyBuffer_Release(&codes);
    if (!is_done) return nullptr;
    if (!valid) {
        PyErr_SetString(PyExc_ValueError, "the arrays do not fit together");
        return nullptr;
    }
    if (!fits) Py_RETURN_NONE;
    return Py_BuildValue("(NNNN)", as_bytes(sums.rows), as_bytes(sums.limbs()),
                         as_bytes(sums.ends(&Extent::least)), as_bytes(sums.ends(&Extent::most)));
}

}  // namespace
