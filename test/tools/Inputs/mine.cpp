namespace mine {
struct Spin {
  void enter();
  void leave();
};
// Without a definition: only the catalog states that it is a guard.
struct Section {
  explicit Section(Spin &);
  ~Section();
};
} // namespace mine
mine::Spin spin;
int n;
void f() {
  mine::Section{spin};
  ++n;
}
