/*
 * The only function of Windows' bcryptprimitives.dll that Rust's standard library calls, for versions of wine without
 * that library. Only for tests, never shipped.
 */
#include <windows.h>

#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length)
{
    return RtlGenRandom(data, (ULONG)length);
}
