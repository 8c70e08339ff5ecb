// The scanner for Python. No Python object is touched while it scans, so the lock is released and
// chunks are scanned on all cores at once.

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <new>
#include <numeric>

#include "scan.hpp"

namespace {

using namespace linreg;

template <typename T>
PyObject* as_bytes(const std::vector<T>& values) {
    return PyBytes_FromStringAndSize(reinterpret_cast<const char*>(values.data()),
                                     static_cast<Py_ssize_t>(values.size() * sizeof(T)));
}

PyObject* as_bytes(const Column& column) {
    return PyBytes_FromStringAndSize(reinterpret_cast<const char*>(column.values()),
                                     static_cast<Py_ssize_t>(column.size() * sizeof(int64_t)));
}

// The columns of a scan, one after the other, as int64.
PyObject* columns_as_bytes(const Scan& scan) {
    size_t rows = scan.columns[0].size();
    PyObject* bytes = PyBytes_FromStringAndSize(
        nullptr, static_cast<Py_ssize_t>(scan.columns.size() * rows * sizeof(int64_t)));
    if (bytes == nullptr) return nullptr;
    char* to = PyBytes_AS_STRING(bytes);
    for (const Column& column : scan.columns) {
        std::memcpy(to, column.values(), rows * sizeof(int64_t));
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
                         static_cast<long long>(scan.lines), columns_as_bytes(scan), decimals, missing, as_bytes(scan.starts), as_bytes(scan.ends),
                         as_bytes(scan.complete));
}

// Scans without Python's lock, and releases the data; false if not sure.
bool run(Py_buffer* data, const Layout& layout, Scan* scan, bool* out_of_memory) {
    bool sure = false;
    Py_BEGIN_ALLOW_THREADS
    try {
        Scanner scanner(static_cast<const char*>(data->buf), static_cast<size_t>(data->len), layout,
                        scan);
        sure = scanner.run();
    } catch (const std::bad_alloc&) {
        *out_of_memory = true;
    }
    Py_END_ALLOW_THREADS
    PyBuffer_Release(data);
    return sure;
}

PyObject* scan_chunk(PyObject*, PyObject* args) {
    Py_buffer data;
    int delimiter, point, width, keeps_records;
    PyObject* positions;
    if (!PyArg_ParseTuple(args, "y*CCiO!p", &data, &delimiter, &point, &width, &PyTuple_Type,
                          &positions, &keeps_records)) {
        return nullptr;
    }
    Layout layout{static_cast<char>(delimiter), static_cast<char>(point), width,
                  std::vector<int>(static_cast<size_t>(width), -1)};
    Scan scan;
    scan.keeps_records = keeps_records != 0;
    Py_ssize_t count = PyTuple_GET_SIZE(positions);
    bool valid = count > 0;
    for (Py_ssize_t j = 0; valid && j < count; j++) {
        long position = PyLong_AsLong(PyTuple_GET_ITEM(positions, j));
        valid = position >= 0 && position < width && layout.wanted[static_cast<size_t>(position)] < 0;
        if (valid) layout.wanted[static_cast<size_t>(position)] = static_cast<int>(j);
    }
    if (!valid) {
        PyBuffer_Release(&data);
        if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "positions must be distinct fields");
        return nullptr;
    }
    scan.columns.resize(static_cast<size_t>(count));
    bool out_of_memory = false;
    bool sure = run(&data, layout, &scan, &out_of_memory);
    if (out_of_memory) return PyErr_NoMemory();
    if (!sure) Py_RETURN_NONE;
    return result_of(scan);
}

// Each column by itself: its numbers, decimals and missing cells, or None if unsure of it.
PyObject* columns_of(const Scan& scan) {
    PyObject* columns = PyTuple_New(static_cast<Py_ssize_t>(scan.columns.size()));
    if (columns == nullptr) return nullptr;
    for (size_t j = 0; j < scan.columns.size(); j++) {
        const Column& column = scan.columns[j];
        PyObject* item = column.is_sure
                             ? Py_BuildValue("(NiN)", as_bytes(column), column.decimals,
                                             as_bytes(column.is_missing))
                             : Py_NewRef(Py_None);
        if (item == nullptr) {
            Py_DECREF(columns);
            return nullptr;
        }
        PyTuple_SET_ITEM(columns, static_cast<Py_ssize_t>(j), item);
    }
    return columns;
}

PyObject* scan_columns(PyObject*, PyObject* args) {
    Py_buffer data;
    int delimiter, point, width;
    if (!PyArg_ParseTuple(args, "y*CCi", &data, &delimiter, &point, &width)) return nullptr;
    if (width < 1) {
        PyBuffer_Release(&data);
        PyErr_SetString(PyExc_ValueError, "a file has at least one column");
        return nullptr;
    }
    Layout layout{static_cast<char>(delimiter), static_cast<char>(point), width,
                  std::vector<int>(static_cast<size_t>(width))};
    std::iota(layout.wanted.begin(), layout.wanted.end(), 0);
    Scan scan;
    scan.by_column = true;
    scan.columns.resize(static_cast<size_t>(width));
    bool out_of_memory = false;
    bool sure = run(&data, layout, &scan, &out_of_memory);
    if (out_of_memory) return PyErr_NoMemory();
    if (!sure) Py_RETURN_NONE;
    return Py_BuildValue("(LLN)", static_cast<long long>(scan.records),
                         static_cast<long long>(scan.lines), columns_of(scan));
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
    {"scan_columns", scan_columns, METH_VARARGS,
     "scan_columns(data, delimiter, point, width): every column by itself as (records, lines, "
     "columns), each (int64 numbers, decimals, is missing) or None if unsure; or None if unsure "
     "of the records."},
    {"last_record_end", find_last_record_end, METH_VARARGS,
     "last_record_end(data, delimiter): the offset behind the last whole record."},
    {"write_numbers", write_numbers, METH_VARARGS,
     "write_numbers(data, starts, ends, complete, numbers, delimiter, point, line_end): records "
     "with a number after each."},
    {nullptr, nullptr, 0, nullptr}};

PyModuleDef module = {PyModuleDef_HEAD_INIT, "_scan", "The fast scanner.", 0, methods,
                      nullptr, nullptr, nullptr, nullptr};

}  // namespace

PyMODINIT_FUNC PyInit__scan() { return PyModule_Create(&module); }
