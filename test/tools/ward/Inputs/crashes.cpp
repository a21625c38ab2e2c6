// Clang's own way to test what happens when it crashes.
#pragma clang __debug crash
