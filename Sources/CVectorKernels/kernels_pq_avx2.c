// Product quantisation with AVX2: 8 floats per step.
#if defined(__x86_64__)
#define ISA __attribute__((target("avx2,fma")))
#define LANES 8
#include "kernels_pq.h"

extern const vk_pq_table vk_pq_table_avx2;
const vk_pq_table vk_pq_table_avx2 = VK_PQ_TABLE("avx2");
#endif
