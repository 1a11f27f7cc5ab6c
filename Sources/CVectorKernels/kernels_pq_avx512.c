// Product quantisation with AVX-512: 16 floats per step.
#if defined(__x86_64__)
#define ISA __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq")))
#define LANES 16
#include "kernels_pq.h"

extern const vk_pq_table vk_pq_table_avx512;
const vk_pq_table vk_pq_table_avx512 = VK_PQ_TABLE("avx512vnni");
#endif
