#include "fusemap.h"

dl_code dl_fusemap_load(dl_fusemap *out, const dl_model_file *m, dl_elem type, dl_error *err)
{
    return dl_fusemap_load_named(out, m, "map.cells", "map.shape", type, err);
}

dl_code dl_fusemap_load_named(dl_fusemap *out, const dl_model_file *m, const char *cells_name, const char *shape_name, dl_elem type,
                              dl_error *err)
{
    enum { SEED, COUNT, SEGMENT, VALUE_BITS, N_SHAPE };
    uint32_t n = 0, one = 1, n_shape = N_SHAPE, shape_cols = 1;
    const void *cells = dl_model_array(m, cells_name, type, &n, &one, err);
    const uint32_t *shape = cells ? dl_model_array(m, shape_name, DL_ELEM_U32, &n_shape, &shape_cols, err) : NULL;
    uint32_t cell_bits = type == DL_ELEM_U16 ? 16 : 32;

    if (!shape)
        return DL_FATAL;
    uint64_t segment = shape[SEGMENT], count = shape[COUNT];

    if (segment == 0 || (segment & (segment - 1)) != 0 || count == 0 || count > n || (count + 2) * segment != n || shape[VALUE_BITS] == 0 ||
        shape[VALUE_BITS] >= cell_bits)
        return dl_fail(err, DL_FATAL, "fusemap", DL_NO_PLACE, "the map's shape does not fit its %u cells", n);
    *out = (dl_fusemap){.cells16 = type == DL_ELEM_U16 ? cells : NULL,
                        .cells32 = type == DL_ELEM_U32 ? cells : NULL,
                        .seed = shape[SEED],
                        .span = count * segment,
                        .segment = (uint32_t)segment,
                        .value_bits = shape[VALUE_BITS]};
    return DL_OK;
}
