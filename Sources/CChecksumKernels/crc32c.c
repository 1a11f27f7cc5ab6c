#include "checksum_kernels.h"
