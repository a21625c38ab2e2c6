namespace mine {
struct Spin {
  void enter();
  void leave();
};
// No definition to look into: only the catalog knows that it locks.
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
