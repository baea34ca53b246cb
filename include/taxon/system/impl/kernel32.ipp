#pragma once
#if !defined(_WIN64)
#error "taxon: of Windows only 64-bit processes are supported"
#endif

/// The functions of Windows that taxon calls, under names of its own: <windows.h> would bring its macros to all who
/// include a header of taxon. DWORD is unsigned long, BOOL int, HANDLE void*.
namespace taxon::system::kernel32 {

using Handle = void*;
using Dword = unsigned long;

inline const Handle invalid_handle = reinterpret_cast<Handle>(-1);

Dword last_error() __asm__("GetLastError");
int close_handle(Handle) __asm__("CloseHandle");

Handle create_file(const wchar_t* path, Dword access, Dword share, void* security, Dword disposition, Dword flags,
                   Handle pattern) __asm__("CreateFileW");
Dword file_type(Handle) __asm__("GetFileType");
int file_information(Handle, int kind, void* facts, Dword bytes) __asm__("GetFileInformationByHandleEx");
int set_file_information(Handle, int kind, void* facts, Dword bytes) __asm__("SetFileInformationByHandle");
int read_file(Handle, void* bytes, Dword count, Dword* done, void* overlapped) __asm__("ReadFile");
int write_file(Handle, const void* bytes, Dword count, Dword* done, void* overlapped) __asm__("WriteFile");
int flush_file(Handle) __asm__("FlushFileBuffers");
int delete_file(const wchar_t* path) __asm__("DeleteFileW");
Handle create_mapping(Handle file, void* security, Dword protection, Dword high, Dword low,
                      const wchar_t* name) __asm__("CreateFileMappingW");
void* map_view(Handle mapping, Dword access, Dword high, Dword low, unsigned long long bytes) __asm__("MapViewOfFile");
int unmap_view(const void* start) __asm__("UnmapViewOfFile");

int virtual_unlock(void* start, unsigned long long bytes) __asm__("VirtualUnlock");

Handle current_process() __asm__("GetCurrentProcess");
Dword process_id() __asm__("GetCurrentProcessId");
int affinity(Handle process, unsigned long long* own, unsigned long long* all) __asm__("GetProcessAffinityMask");
Dword processor_count(unsigned short group) __asm__("GetActiveProcessorCount");
int process_times(Handle process, void* created, void* ended, void* kernel, void* user) __asm__("GetProcessTimes");
int process_memory(Handle process, void* counters, Dword bytes) __asm__("K32GetProcessMemoryInfo");
Dword module_file_name(Handle module, wchar_t* name, Dword size) __asm__("GetModuleFileNameW");
int computer_name(int kind, wchar_t* name, Dword* size) __asm__("GetComputerNameExW");
const wchar_t* command_line() __asm__("GetCommandLineW");
wchar_t** split_command_line(const wchar_t* line, int* count) __asm__("CommandLineToArgvW");
void* local_free(void* memory) __asm__("LocalFree");

Handle standard_handle(Dword which) __asm__("GetStdHandle");
int console_mode(Handle, Dword* mode) __asm__("GetConsoleMode");
int set_console_mode(Handle, Dword mode) __asm__("SetConsoleMode");
unsigned console_output_code_page() __asm__("GetConsoleOutputCP");
int set_console_output_code_page(unsigned page) __asm__("SetConsoleOutputCP");
int set_console_handler(int (*handler)(Dword event), int add) __asm__("SetConsoleCtrlHandler");

}  // namespace taxon::system::kernel32
