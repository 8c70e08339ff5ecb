// The hot road for Python. No Python object is touched on it, so the lock is released and all cores
// are at work at once.

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <new>

#include "scan.hpp"
#include "sums.hpp"
#include "text.hpp"

namespace {

using namespace linreg;

template <typename T>
PyObject* as_bytes(const std::vector<T>& values) {
    return PyBytes_FromStringAndSize(reinterpret_cast<const char*>(values.data()),
                                     static_cast<Py_ssize_t>(values.size() * sizeof(T)));
}

// The columns of a scan, one after the other, as int64.
PyObject* columns_as_bytes(const Scan& scan) {
    size_t rows = scan.columns[0].values.size();
    PyObject* bytes = PyBytes_FromStringAndSize(
        nullptr, static_cast<Py_ssize_t>(scan.columns.size() * rows * sizeof(int64_t)));
    if (bytes == nullptr) return nullptr;
    char* to = PyBytes_AS_STRING(bytes);
    for (const Column& column : scan.columns) {
        std::memcpy(to, column.values.data(), rows * sizeof(int64_t));
        to += rows * sizeof(int64_t);
    }
    return bytes;
}

PyObject* result_of(const Scan& scan) {
    Py_ssize_t count = static_cast<Py_ssize_t>(scan.columns.size());
    PyObject* decimals = PyTuple_New(count);
    PyObject* missing = PyTuple_New(count);
    if (decimals == nullptr || missing == nullptr) return nullptr;
    for (Py_ssize_t j = 0; j < count; j++) {
        const Column& column = scan.columns[static_cast<size_t>(j)];
        PyTuple_SET_ITEM(decimals, j, PyLong_FromLong(column.decimals));
        PyTuple_SET_ITEM(missing, j, PyLong_FromLongLong(column.missing));
    }
    return Py_BuildValue("(LLNNNNNN)", static_cast<long long>(scan.records),
                         static_cast<long long>(scan.lines), columns_as_bytes(scan), decimals, missing,
                         as_bytes(scan.starts), as_bytes(scan.ends), as_bytes(scan.complete));
}

PyObject* scan_chunk(PyObject*, PyObject* args) {
    Py_buffer data;
    int delimiter, point, width, keeps_records;
    PyObject* positions;
    if (!PyArg_ParseTuple(args, "y*CCiO!p", &data, &delimiter, &point, &width, &PyTuple_Type,
                          &positions, &keeps_records)) {
        return nullptr;
    }
    Layout layout{static_cast<char>(delimiter), static_cast<char>(point), width, {}};
    bool valid = PyTuple_GET_SIZE(positions) > 0;
    for (Py_ssize_t j = 0; valid && j < PyTuple_GET_SIZE(positions); j++) {
        long position = PyLong_AsLong(PyTuple_GET_ITEM(positions, j));
        valid = position >= 0 && position < width;
        layout.wanted.push_back(static_cast<int>(position));
    }
    if (!valid) {
        PyBuffer_Release(&data);
        if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "positions are those of fields");
        return nullptr;
    }
    Scan found;
    bool out_of_memory = false;
    Py_BEGIN_ALLOW_THREADS
    try {
        found = scan(static_cast<const char*>(data.buf), static_cast<size_t>(data.len), layout,
                     keeps_records != 0);
    } catch (const std::bad_alloc&) {
        out_of_memory = true;
    }
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&data);
    if (out_of_memory) return PyErr_NoMemory();
    if (!found.is_sure) Py_RETURN_NONE;
    return result_of(found);
}

PyObject* find_last_record_end(PyObject*, PyObject* args) {
    Py_buffer data;
    int delimiter;
    if (!PyArg_ParseTuple(args, "y*C", &data, &delimiter)) return nullptr;
    size_t end = last_record_end(static_cast<const char*>(data.buf),
                                 static_cast<size_t>(data.len), static_cast<char>(delimiter));
    PyBuffer_Release(&data);
    return PyLong_FromSize_t(end);
}

PyObject* find_moments(PyObject*, PyObject* args) {
    Py_buffer values, weights;
    Py_ssize_t columns;
    if (!PyArg_ParseTuple(args, "y*y*n", &values, &weights, &columns)) return nullptr;
    const Py_ssize_t size = static_cast<Py_ssize_t>(sizeof(int64_t));
    const bool valid = columns > 0 && values.len % (columns * size) == 0 &&
                       (weights.len == 0 || weights.len * columns == values.len);
    std::vector<int64_t> moments;
    bool fits = false, out_of_memory = false;
    Py_BEGIN_ALLOW_THREADS
    try {
        const bool has_weights = weights.len > 0;
        fits = valid && sum_moments(static_cast<const int64_t*>(values.buf),
                                    has_weights ? static_cast<const int64_t*>(weights.buf) : nullptr,
                                    static_cast<size_t>(columns),
                                    static_cast<size_t>(values.len / (columns * size)), &moments);
    } catch (const std::bad_alloc&) {
        out_of_memory = true;
    }
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&values);
    PyBuffer_Release(&weights);
    if (out_of_memory) return PyErr_NoMemory();
    if (!valid) {
        PyErr_SetString(PyExc_ValueError, "the arrays do not fit together");
        return nullptr;
    }
    if (!fits) Py_RETURN_NONE;
    return as_bytes(moments);
}

// Writes each record, a delimiter and its number (nothing where it is not complete), and a line
// end; the numbers alone if there are no records to repeat.
PyObject* write_numbers(PyObject*, PyObject* args) {
    Py_buffer data, starts, ends, complete, numbers, line_end;
    int delimiter, point;
    if (!PyArg_ParseTuple(args, "y*y*y*y*y*CCy*", &data, &starts, &ends, &complete, &numbers,
                          &delimiter, &point, &line_end)) {
        return nullptr;
    }
    std::string text;
    size_t count = static_cast<size_t>(complete.len);
    bool repeats = starts.len > 0;
    size_t found = 0;
    for (Py_ssize_t i = 0; i < complete.len; i++) {
        found += static_cast<const unsigned char*>(complete.buf)[i] != 0;
    }
    bool valid = numbers.len == static_cast<Py_ssize_t>(found * sizeof(double)) &&
                 starts.len == ends.len &&
                 (!repeats || starts.len == static_cast<Py_ssize_t>(count * sizeof(int64_t)));
    bool out_of_memory = false;
    Py_BEGIN_ALLOW_THREADS
    try {
        const char* bytes = static_cast<const char*>(data.buf);
        const int64_t* start = static_cast<const int64_t*>(starts.buf);
        const int64_t* end = static_cast<const int64_t*>(ends.buf);
        const unsigned char* is_complete = static_cast<const unsigned char*>(complete.buf);
        const double* number = static_cast<const double*>(numbers.buf);
        text.reserve(static_cast<size_t>(repeats ? data.len : 0) + count * 20);
        for (size_t i = 0; valid && i < count; i++) {
            if (repeats) {
                valid = start[i] >= 0 && start[i] <= end[i] && end[i] <= data.len;
                if (!valid) break;
                text.append(bytes + start[i], static_cast<size_t>(end[i] - start[i]));
                text.push_back(static_cast<char>(delimiter));
            }
            if (is_complete[i]) append_number(*number++, static_cast<char>(point), &text);
            text.append(static_cast<const char*>(line_end.buf), static_cast<size_t>(line_end.len));
        }
    } catch (const std::bad_alloc&) {
        out_of_memory = true;
    }
    Py_END_ALLOW_THREADS
    for (Py_buffer* buffer : {&data, &starts, &ends, &complete, &numbers, &line_end}) {
        PyBuffer_Release(buffer);
    }
    if (out_of_memory) return PyErr_NoMemory();
    if (!valid) {
        PyErr_SetString(PyExc_ValueError, "the arrays do not fit together");
        return nullptr;
    }
    return PyBytes_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()));
}

PyMethodDef methods[] = {
    {"scan_chunk", scan_chunk, METH_VARARGS,
     "scan_chunk(data, delimiter, point, width, positions, keeps_records): the complete records "
     "as (records, lines, int64 columns, decimals, missing, starts, ends, complete), or None if unsure."},
    {"last_record_end", find_last_record_end, METH_VARARGS,
     "last_record_end(data, delimiter): the offset behind the last whole record."},
    {"sum_moments", find_moments, METH_VARARGS,
     "sum_moments(values, weights, columns): the sums of the products of every two columns, the "
     "first being 1, as three int64 limbs of 48 bits each; None if numbers are too large."},
    {"write_numbers", write_numbers, METH_VARARGS,
     "write_numbers(data, starts, ends, complete, numbers, delimiter, point, line_end): records "
     "with a number after each."},
    {nullptr, nullptr, 0, nullptr}};

PyModuleDef module = {PyModuleDef_HEAD_INIT, "_extension", "The hot road.", 0, methods,
                      nullptr, nullptr, nullptr, nullptr};

}  // namespace

PyMODINIT_FUNC PyInit__extension() { return PyModule_Create(&module); }
