// Clang's pragma for testing crashes.
#pragma clang __debug crash
