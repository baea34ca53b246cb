// Compiled with every public header in front of it.
int main() { return 0; }
