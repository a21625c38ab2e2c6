// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rewriting/UnifiedDiff.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <algorithm>
#include <vector>

using namespace llvm;

namespace ward {
namespace {

std::vector<StringRef> splitLines(StringRef Text) {
  std::vector<StringRef> Lines;
  while (!Text.empty()) {
    size_t End = Text.find('\n');
    size_t Size = End == StringRef::npos ? Text.size() : End + 1;
    Lines.push_back(Text.take_front(Size));
    Text = Text.drop_front(Size);
  }
  return Lines;
}

struct Line {
  char Mark; // ' ', '-' or '+'
  StringRef Text;
};

/// Myers' algorithm between \p A and \p B, whose common ends are cut off already.
void compare(ArrayRef<StringRef> A, ArrayRef<StringRef> B, std::vector<Line> &Into) {
  const int N = A.size(), M = B.size(), Limit = 2000;
  std::vector<std::vector<int>> Trace;
  std::vector<int> Furthest(2 * std::min(N + M, Limit) + 3, 0);
  const int Middle = std::min(N + M, Limit) + 1;
  int Found = -1;
  for (int D = 0; D <= std::min(N + M, Limit) && Found < 0; ++D) {
    Trace.push_back(Furthest);
    for (int K = -D; K <= D; K += 2) {
      int X = K == -D || (K != D && Furthest[Middle + K - 1] < Furthest[Middle + K + 1]) ? Furthest[Middle + K + 1] : Furthest[Middle + K - 1] + 1;
      while (X < N && X - K < M && A[X] == B[X - K])
        ++X;
      Furthest[Middle + K] = X;
      if (X >= N && X - K >= M) {
        Found = D;
        break;
      }
    }
  }
  if (Found < 0) { // too different: all of it
    for (StringRef Each : A)
      Into.push_back({'-', Each});
    for (StringRef Each : B)
      Into.push_back({'+', Each});
    return;
  }
  std::vector<Line> Reversed;
  int X = N, Y = M;
  for (int D = Found; D >= 0; --D) {
    const std::vector<int> &Before = Trace[D];
    int K = X - Y;
    int From = K == -D || (K != D && Before[Middle + K - 1] < Before[Middle + K + 1]) ? K + 1 : K - 1;
    int FromX = D ? Before[Middle + From] : 0, FromY = D ? FromX - From : 0;
    while (X > FromX && Y > FromY) {
      Reversed.push_back({' ', A[--X]});
      --Y;
    }
    if (!D)
      break;
    if (X > FromX)
      Reversed.push_back({'-', A[--X]});
    else
      Reversed.push_back({'+', B[--Y]});
  }
  Into.insert(Into.end(), Reversed.rbegin(), Reversed.rend());
}

} // namespace

std::string unifiedDiff(StringRef Name, StringRef Before, StringRef After) {
  std::vector<StringRef> A = splitLines(Before), B = splitLines(After);
  size_t Start = 0, End = 0;
  while (Start < A.size() && Start < B.size() && A[Start] == B[Start])
    ++Start;
  while (End + Start < A.size() && End + Start < B.size() && A[A.size() - 1 - End] == B[B.size() - 1 - End])
    ++End;
  if (Start == A.size() && Start == B.size())
    return {};
  std::vector<Line> All;
  for (size_t I = 0; I < Start; ++I)
    All.push_back({' ', A[I]});
  compare(ArrayRef(A).slice(Start, A.size() - End - Start), ArrayRef(B).slice(Start, B.size() - End - Start), All);
  for (size_t I = A.size() - End; I < A.size(); ++I)
    All.push_back({' ', A[I]});

  std::string Result = "--- a/" + Name.str() + "\n+++ b/" + Name.str() + "\n";
  constexpr size_t Context = 3;
  size_t OldLine = 1, NewLine = 1;
  auto Advance = [&](size_t From, size_t To) {
    for (; From < To; ++From) {
      OldLine += All[From].Mark != '+';
      NewLine += All[From].Mark != '-';
    }
  };
  for (size_t At = 0; At < All.size();) {
    size_t First = At;
    while (First < All.size() && All[First].Mark == ' ')
      ++First;
    if (First == All.size())
      break;
    size_t Last = First; // the last change of this hunk
    for (size_t I = First; I < All.size() && I <= Last + 2 * Context; ++I)
      if (All[I].Mark != ' ')
        Last = I;
    size_t Begin = std::max(At, First - std::min(First, Context)), Stop = std::min(All.size(), Last + Context + 1);
    Advance(At, Begin);
    size_t Old = 0, New = 0;
    for (size_t I = Begin; I < Stop; ++I) {
      Old += All[I].Mark != '+';
      New += All[I].Mark != '-';
    }
    auto Range = [](size_t Line, size_t Count) { return std::to_string(Count ? Line : Line - 1) + (Count == 1 ? "" : "," + std::to_string(Count)); };
    Result += "@@ -" + Range(OldLine, Old) + " +" + Range(NewLine, New) + " @@\n";
    for (size_t I = Begin; I < Stop; ++I) {
      Result += All[I].Mark;
      Result += All[I].Text;
      if (!All[I].Text.ends_with("\n"))
        Result += "\n\\ No newline at end of file\n";
    }
    Advance(Begin, Stop);
    At = Stop;
  }
  return Result;
}

} // namespace ward
