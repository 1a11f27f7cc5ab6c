#include "fuzzer_abi.h"
