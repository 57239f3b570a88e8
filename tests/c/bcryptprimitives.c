/*
 * The one function of Windows' bcryptprimitives.dll that Rust's standard library calls, for a wine
 * that has no such library. For tests only, never shipped.
 */
#include <windows.h>

#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length)
{
    return RtlGenRandom(data, (ULONG)length);
}
