// The extension for Python.
//
//     int64 columns    this file             sums, predictions, text
//     bytes            scan_functions.hpp    columns
//     bytes, a file    summer_type.hpp       sums
//     bytes, a file    predictor_type.hpp    text with predictions
//
// While they work, no Python object is touched and the lock is released, so that threads use all
// cores.

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <string>

#include "fourth_sums.hpp"
#include "predict.hpp"
#include "scan.hpp"
#include "sums.hpp"
#include "text.hpp"

namespace {

using namespace linreg;

// Works without the lock; gives false, and sets an error, if the memory does not suffice.
template <typename Work>
bool without_lock(Work work) {
    bool has_room = true;
    Py_BEGIN_ALLOW_THREADS
    try {
        work();
    } catch (const std::exception&) {
        has_room = false;
    }
    Py_END_ALLOW_THREADS
    if (!has_room) PyErr_NoMemory();
    return has_room;
}

template <typename T>
PyObject* as_bytes(const std::vector<T>& values) {
    return PyBytes_FromStringAndSize(reinterpret_cast<const char*>(values.data()),
                                     static_cast<Py_ssize_t>(values.size() * sizeof(T)));
}

// Tests choose the instructions and the size of sub-blocks in the environment.
Instructions chosen_instructions() {
    return choose_instructions(std::getenv("LINREG_INSTRUCTIONS"));
}

void choose(Layout* layout) {
    layout->instructions = chosen_instructions();
    if (const char* bytes = std::getenv("LINREG_BLOCK_BYTES")) {
        layout->block_bytes = std::max<size_t>(1, std::strtoul(bytes, nullptr, 10));
    }
}

// Texts as a tuple; null, with an error set, if there is no memory.
PyObject* as_tuple(const std::vector<std::string>& texts) {
    PyObject* tuple = PyTuple_New(static_cast<Py_ssize_t>(texts.size()));
    for (size_t i = 0; tuple != nullptr && i < texts.size(); i++) {
        PyObject* decoded = PyUnicode_DecodeUTF8(
            texts[i].data(), static_cast<Py_ssize_t>(texts[i].size()), "strict");
        if (decoded == nullptr) {
            Py_CLEAR(tuple);
        } else {
            PyTuple_SET_ITEM(tuple, static_cast<Py_ssize_t>(i), decoded);
        }
    }
    return tuple;
}

// Reads a tuple of texts; false, with an error set, if it is another.
bool read_words(PyObject* tuple, std::vector<std::string>* words) {
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(tuple); i++) {
        Py_ssize_t size;
        const char* text = PyUnicode_AsUTF8AndSize(PyTuple_GET_ITEM(tuple, i), &size);
        if (text == nullptr) return false;
        words->emplace_back(text, static_cast<size_t>(size));
    }
    return true;
}

// Reads a tuple of words of any case, one of words as written, and one of numbers.
bool read_missing(PyObject* tuple, Missing* missing) {
    PyObject *any_case, *as_written, *numbers;
    if (!PyArg_ParseTuple(tuple, "O!O!O!", &PyTuple_Type, &any_case, &PyTuple_Type, &as_written,
                          &PyTuple_Type, &numbers)) {
        return false;
    }
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(numbers); i++) {
        long long integer;
        int decimals;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(numbers, i), "Li", &integer, &decimals)) return false;
        missing->numbers.push_back({integer, decimals});
    }
    return read_words(any_case, &missing->any_case) && read_words(as_written, &missing->as_written);
}

PyObject* find_moments(PyObject*, PyObject* args) {
    Py_buffer values, weights;
    Py_ssize_t columns;
    if (!PyArg_ParseTuple(args, "y*y*n", &values, &weights, &columns)) return nullptr;
    const auto size = static_cast<Py_ssize_t>(sizeof(int64_t));
    const bool valid = columns > 0 && values.len % size == 0 && values.len / size % columns == 0 &&
                       (weights.len == 0 || weights.len == values.len / columns);
    thread_local Products products;
    const Instructions instructions = chosen_instructions();
    bool fits = false;
    const bool is_done = without_lock([&] {
        if (!valid) return;
        const auto rows = static_cast<size_t>(values.len / size / columns);
        std::vector<const int64_t*> starts;
        for (size_t j = 0; j < static_cast<size_t>(columns); j++) {
            starts.push_back(static_cast<const int64_t*>(values.buf) + j * rows);
        }
        const auto* each = weights.len > 0 ? static_cast<const int64_t*>(weights.buf) : nullptr;
        fits = products.sum(starts, each, rows, instructions);
    });
    PyBuffer_Release(&values);
    PyBuffer_Release(&weights);
    if (!is_done) return nullptr;
    if (!valid) {
        PyErr_SetString(PyExc_ValueError, "the arrays do not fit together");
        return nullptr;
    }
    if (!fits) Py_RETURN_NONE;
    return as_bytes(products.limbs);
}

PyObject* find_fourth_sums(PyObject*, PyObject* args) {
    Py_buffer values, origin;
    if (!PyArg_ParseTuple(args, "y*y*", &values, &origin)) return nullptr;
    const auto size = static_cast<Py_ssize_t>(sizeof(int64_t));
    const bool valid = origin.len > 0 && origin.len % size == 0 && values.len % origin.len == 0;
    thread_local FourthProducts products;
    const Instructions instructions = chosen_instructions();
    bool fits = false;
    const bool is_done = without_lock([&] {
        if (!valid) return;
        const auto* first = static_cast<const int64_t*>(origin.buf);
        const std::vector<int64_t> moved(first, first + origin.len / size);
        const auto rows = static_cast<size_t>(values.len / origin.len);
        std::vector<const int64_t*> starts;
        for (size_t j = 0; j < moved.size(); j++) {
            starts.push_back(static_cast<const int64_t*>(values.buf) + j * rows);
        }
        fits = products.sum(starts, moved, rows, instructions);
    });
    PyBuffer_Release(&values);
    PyBuffer_Release(&origin);
    if (!is_done) return nullptr;
    if (!valid) {
        PyErr_SetString(PyExc_ValueError, "the arrays do not fit together");
        return nullptr;
    }
    if (!fits) Py_RETURN_NONE;
    return as_bytes(products.limbs);
}

PyObject* predict_rows(PyObject*, PyObject* args) {
    Py_buffer values, slopes, tens;
    Plane plane;
    if (!PyArg_ParseTuple(args, "y*y*y*d", &values, &slopes, &tens, &plane.value)) return nullptr;
    const auto size = static_cast<Py_ssize_t>(sizeof(double));
    const bool valid = slopes.len > 0 && slopes.len % size == 0 && tens.len == slopes.len &&
                       values.len % slopes.len == 0;
    PyObject* result = nullptr;
    if (!valid) {
        PyErr_SetString(PyExc_ValueError, "the arrays do not fit together");
    } else {
        plane.slopes = static_cast<const double*>(slopes.buf);
        plane.tens = static_cast<const double*>(tens.buf);
        plane.features = static_cast<size_t>(slopes.len / size);
        const Py_ssize_t rows = values.len / slopes.len;
        PyObject* predictions = PyBytes_FromStringAndSize(nullptr, rows * size);
        PyObject* unsure = PyBytes_FromStringAndSize(nullptr, rows);
        if (predictions != nullptr && unsure != nullptr) {
            auto* to = reinterpret_cast<double*>(PyBytes_AS_STRING(predictions));
            auto* flags = reinterpret_cast<unsigned char*>(PyBytes_AS_STRING(unsure));
            const bool is_done = without_lock([&] {
                predict(plane, static_cast<const int64_t*>(values.buf), static_cast<size_t>(rows),
                        to, flags);
            });
            if (is_done) result = PyTuple_Pack(2, predictions, unsure);
        }
        Py_XDECREF(predictions);
        Py_XDECREF(unsure);
    }
    for (Py_buffer* buffer : {&values, &slopes, &tens}) PyBuffer_Release(buffer);
    return result;
}

PyObject* predict_rows_by_code(PyObject*, PyObject* args) {
    Py_buffer values, codes, slopes, tens, at_center;
    if (!PyArg_ParseTuple(args, "y*y*y*y*y*", &values, &codes, &slopes, &tens, &at_center)) {
        return nullptr;
    }
    const auto size = static_cast<Py_ssize_t>(sizeof(double));
    const Py_ssize_t rows = codes.len / size, features = tens.len / size;
    const Py_ssize_t groups = at_center.len / size;
    bool valid = features > 0 && codes.len == rows * size && tens.len == features * size &&
                 at_center.len == groups * size && slopes.len == groups * features * size &&
                 values.len == rows * features * size;
    const auto* code = static_cast<const int64_t*>(codes.buf);
    for (Py_ssize_t i = 0; valid && i < rows; i++) valid = code[i] >= 0 && code[i] < groups;
    PyObject* result = nullptr;
    if (!valid) {
        PyErr_SetString(PyExc_ValueError, "the arrays do not fit together");
    } else {
        const Planes planes{static_cast<const double*>(slopes.buf),
                            static_cast<const double*>(tens.buf), static_cast<size_t>(features),
                            static_cast<const double*>(at_center.buf)};
        PyObject* predictions = PyBytes_FromStringAndSize(nullptr, rows * size);
        PyObject* unsure = PyBytes_FromStringAndSize(nullptr, rows);
        if (predictions != nullptr && unsure != nullptr) {
            auto* to = reinterpret_cast<double*>(PyBytes_AS_STRING(predictions));
            auto* flags = reinterpret_cast<unsigned char*>(PyBytes_AS_STRING(unsure));
            const bool is_done = without_lock([&] {
                predict_by_code(planes, code, static_cast<const int64_t*>(values.buf),
                                static_cast<size_t>(rows), to, flags);
            });
            if (is_done) result = PyTuple_Pack(2, predictions, unsure);
        }
        Py_XDECREF(predictions);
        Py_XDECREF(unsure);
    }
    for (Py_buffer* buffer : {&values, &codes, &slopes, &tens, &at_center}) PyBuffer_Release(buffer);
    return result;
}

PyObject* write_numbers(PyObject*, PyObject* args) {
    Py_buffer data, starts, ends, complete, numbers, line_end;
    int delimiter, point;
    if (!PyArg_ParseTuple(args, "y*y*y*y*y*CCy*", &data, &starts, &ends, &complete, &numbers,
                          &delimiter, &point, &line_end)) {
        return nullptr;
    }
    const Records records{static_cast<const char*>(data.buf),
                          starts.len > 0 ? static_cast<const int64_t*>(starts.buf) : nullptr,
                          static_cast<const int64_t*>(ends.buf),
                          static_cast<const unsigned char*>(complete.buf),
                          static_cast<size_t>(complete.len),
                          static_cast<const double*>(numbers.buf)};
    const Style style{static_cast<char>(delimiter), static_cast<char>(point),
                      static_cast<const char*>(line_end.buf), static_cast<size_t>(line_end.len)};
    const auto wanted = static_cast<Py_ssize_t>(
        records.count - static_cast<size_t>(std::count(records.complete,
                                                       records.complete + records.count, 0)));
    const auto size = static_cast<Py_ssize_t>(sizeof(int64_t));
    const bool repeats_all = starts.len == complete.len * size && ends.len == starts.len;
    const bool repeats_none = starts.len == 0 && ends.len == 0;
    size_t room = 0;
    if (numbers.len == wanted * size && (repeats_all || repeats_none)) {
        room = room_for(records, data.len, style);
    }
    PyObject* text = nullptr;
    if (room == 0) {
        PyErr_SetString(PyExc_ValueError, "the arrays do not fit together");
    } else {
        text = PyBytes_FromStringAndSize(nullptr, static_cast<Py_ssize_t>(room));
    }
    if (text != nullptr) {
        char* begin = PyBytes_AS_STRING(text);
        char* end = begin;
        const bool is_done = without_lock([&] { end = write_records(records, style, begin); });
        if (is_done) {
            _PyBytes_Resize(&text, end - begin);
        } else {
            Py_CLEAR(text);
        }
    }
    for (Py_buffer* buffer : {&data, &starts, &ends, &complete, &numbers, &line_end}) {
        PyBuffer_Release(buffer);
    }
    return text;
}

}  // namespace

#include "group_functions.hpp"
#include "predictor_type.hpp"
#include "scan_functions.hpp"
#include "summer_type.hpp"

namespace {

PyObject* name_instructions(PyObject*, PyObject*) {
    return PyUnicode_FromString(kInstructionNames[static_cast<int>(chosen_instructions())]);
}

PyMethodDef methods[] = {
    {"scan_chunk", scan_chunk, METH_VARARGS,
     "scan_chunk(data, delimiter, point, width, has_empty_last, positions, missing, keeps_records, categories, keys): "
     "the complete records "
     "as (records, lines, int64 columns, decimals, missing, starts, ends, complete), or None if unsure."},
    {"scan_columns", scan_all_columns, METH_VARARGS,
     "scan_columns(data, delimiter, point, width, has_empty_last, missing, takes_text): every column "
     "by itself as (records, lines, columns), each (int64 numbers, decimals, kinds, texts, first "
     "text's row, distinct texts) or None if unsure; or None if unsure of the records."},
    {"last_record_end", find_last_record_end, METH_VARARGS,
     "last_record_end(data, delimiter): the offset behind the last whole record."},
    {"sum_moments", find_moments, METH_VARARGS,
     "sum_moments(values, weights, columns): the sums of the products of every two columns, the "
     "first being 1, as three int64 limbs of 48 bits each; None if numbers are too large."},
    {"sum_fourth", find_fourth_sums, METH_VARARGS,
     "sum_fourth(values, origin): the sums of the products of every three and of every four columns, "
     "less their origin, as six int64 limbs of 48 bits each; None if there are too many rows."},
    {"sum_by_code", find_sums_by_code, METH_VARARGS,
     "sum_by_code(values, weights, codes, size): the sums of 1 and of each column over the rows of "
     "each code, as two int64 halves, the lower one first; None if a sum could be too large."},
    {"sum_logarithms", find_logarithms, METH_VARARGS,
     "sum_logarithms(weights, decimals, codes, size): the sums of the logarithms of weights over the "
     "rows of each code, or of all if there are no codes, as sum_by_code has them, in units of "
     "2**-64; None if one cannot be rounded with certainty."},
    {"sum_products_by_code", sum_products_by_code, METH_VARARGS,
     "sum_products_by_code(values, weights, codes, columns, size): for the rows of each code (rows, "
     "limbs as of sum_moments, least, most); None if numbers are too large."},
    {"predict_by_code", predict_rows_by_code, METH_VARARGS,
     "predict_by_code(values, codes, slopes, tens, at_center): the same, each row with the plane "
     "of its code."},
    {"predict", predict_rows, METH_VARARGS,
     "predict(values, slopes, tens, value): predictions as float64, and flags of those whose last "
     "bit is not certain; values are int64, less the centers, column after column."},
    {"write_numbers", write_numbers, METH_VARARGS,
     "write_numbers(data, starts, ends, complete, numbers, delimiter, point, line_end): records "
     "with a number after each."},
    {"instructions", name_instructions, METH_NOARGS,
     "instructions(): the name of the instructions that are used: plain, avx2 or avx512."},
    {nullptr, nullptr, 0, nullptr}};

PyModuleDef module = {PyModuleDef_HEAD_INIT, "_extension", "Reads CSV bytes, sums and predicts.", 0, methods,
                      nullptr, nullptr, nullptr, nullptr};

}  // namespace

PyMODINIT_FUNC PyInit__extension() {
    PyObject* made = PyModule_Create(&module);
    if (made != nullptr && !(add_predictor_types(made) && add_summer_types(made))) {
        Py_CLEAR(made);
    }
    return made;
}
