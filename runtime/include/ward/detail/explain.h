// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Why a type is not Send, Sync or Owned: the path to the field that decides, in a sentence. Evaluated only after a
// requirement has failed.
#pragma once

#include <ward/detail/answer.h>
#include <ward/detail/field_name.h>

WARD_NAMESPACE_BEGIN
namespace detail {

struct Finding {
  Line path;   // the steps from the type in question
  Line type;   // the type at the end of the path
  Line reason; // why that type has this answer
  Answer answer = Answer::yes;
  std::string_view question; // of the type at the end of the path
  std::string_view claim;    // how the claim is called that would decide it
  bool is_class = false;     // a list of its fields would do, too
  bool is_capturing = false; // the type at the end is a lambda that captures
};

template <class Question> consteval std::string_view question_name() noexcept {
  if constexpr (std::is_same_v<Question, is_send>)
    return "Send";
  else if constexpr (std::is_same_v<Question, is_sync>)
    return "Sync";
  else if constexpr (std::is_same_v<Question, is_sync_mut>)
    return "Sync through a pointer that is not to const";
  else
    return "Owned";
}

template <class Question> consteval std::string_view claim_name() noexcept {
  if constexpr (std::is_same_v<Question, is_send>)
    return "send";
  else if constexpr (std::is_same_v<Question, is_sync>)
    return "sync";
  else if constexpr (std::is_same_v<Question, is_sync_mut>)
    return "sync_mut";
  else
    return "owned";
}

template <class Question, class T, class... Stack> struct ExplainAsked;
template <class Question, class T, class... Stack>
using Explain = ExplainAsked<typename asked<Question, T>::question, typename asked<Question, T>::type, Stack...>;

template <class Question, class T> constexpr void end_here(Finding &finding, Answer answer, std::string_view reason) {
  finding.type << type_name<T>;
  finding.reason << reason;
  finding.answer = answer;
  finding.question = question_name<Question>();
  finding.claim = claim_name<Question>();
  finding.is_capturing = answer == Answer::unknown && is_lambda<T>();
  finding.is_class = std::is_class_v<T>;
}

// The pointee is an open base: for that there are claims of their own.
template <class Question, class T> constexpr void end_base(Finding &finding) {
  end_here<Question, T>(finding, Answer::unknown, "the pointee may be of any class derived from it");
  finding.claim = std::is_same_v<Question, is_send> || std::is_same_v<Question, is_owned> ? "derived_send" : "derived_sync";
  finding.is_class = false;
}

// The first condition with the worst answer is followed.
template <Answer Worst, class Condition, class... Stack> struct Step {
  static constexpr bool follow(Finding &, bool done) noexcept { return done; }
};
template <Answer Worst, class T, class Question, Text Label, class... Stack>
struct Step<Worst, on<T, Question, Label>, Stack...> {
  static constexpr bool follow(Finding &finding, bool done) noexcept {
    if constexpr (answer<Question, T, Stack...> == Worst) {
      if (!done) {
        finding.path << std::string_view(Label.data(), Label.size());
        Explain<Question, T, Stack...>::into(finding);
      }
      return true;
    } else
      return done;
  }
};
template <Answer Worst, class T, class Question, Text Label, class... Stack>
struct Step<Worst, on_pointee<T, Question, Label>, Stack...> {
  static constexpr bool follow(Finding &finding, bool done) noexcept {
    if constexpr (condition<on_pointee<T, Question, Label>, Stack...>::value == Worst) {
      if (!done) {
        finding.path << std::string_view(Label.data(), Label.size());
        if constexpr (answer<Question, T, Stack...> == Worst && Worst == Answer::no)
          Explain<Question, T, Stack...>::into(finding);
        else if constexpr (is_open_base<Question, std::remove_cv_t<T>>())
          end_base<Question, T>(finding);
        else
          Explain<Question, T, Stack...>::into(finding);
      }
      return true;
    } else
      return done;
  }
};

template <Answer Worst, class Lock, class... Stack> struct Step<Worst, lock_of<Lock>, Stack...> {
  static constexpr bool follow(Finding &finding, bool done) noexcept {
    if constexpr (condition<lock_of<Lock>>::value == Worst && Worst == Answer::unknown) {
      if (!done) {
        finding.path << "'s lock";
        end_here<is_sync, Lock>(finding, Answer::unknown, "nobody vouches that it excludes other threads");
        finding.claim = "lock";
        finding.is_class = false;
      }
      return true;
    } else
      return done;
  }
};

template <class Expression, class Question, class T, class... Stack> struct ExplainExpression;
template <class Question, class T, class... Stack> struct ExplainExpression<always, Question, T, Stack...> {
  static constexpr void into(Finding &) noexcept {}
};
template <Text Why, class Question, class T, class... Stack> struct ExplainExpression<never<Why>, Question, T, Stack...> {
  static constexpr void into(Finding &finding) noexcept {
    end_here<Question, T>(finding, Answer::no, {Why.data(), Why.size()});
  }
};
template <Text Why, class Question, class T, class... Stack>
struct ExplainExpression<undecided<Why>, Question, T, Stack...> {
  static constexpr void into(Finding &finding) noexcept {
    end_here<Question, T>(finding, Answer::unknown, {Why.data(), Why.size()});
  }
};
template <class... Conditions, class Question, class T, class... Stack>
struct ExplainExpression<all<Conditions...>, Question, T, Stack...> {
  static constexpr void into(Finding &finding) noexcept {
    constexpr Answer worst = outcome<all<Conditions...>, Stack...>::value;
    bool done = false;
    ((done = Step<worst, Conditions, Stack...>::follow(finding, done)), ...);
  }
};
template <class Asked, class T, class... Fields, class... Stack>
struct ExplainExpression<of_fields<Asked, T, Fields...>, Asked, T, Stack...> {
  static constexpr void into(Finding &finding) noexcept {
    follow(finding, std::index_sequence_for<Fields...>{});
  }
  template <std::size_t... I> static constexpr void follow(Finding &finding, std::index_sequence<I...>) noexcept {
    constexpr Answer worst = outcome<of_fields<Asked, T, Fields...>, Stack...>::value;
    bool done = false;
    ((done = one<worst, I, Fields>(finding, done)), ...);
  }
  template <Answer Worst, std::size_t I, class Field> static constexpr bool one(Finding &finding, bool done) noexcept {
    if constexpr (answer<Asked, Field, Stack...> == Worst)
      if (!done) {
        finding.path << '.' << field_name<T, sizeof...(Fields), I>();
        Explain<Asked, Field, Stack...>::into(finding);
        return true;
      }
    return done;
  }
};
// A field that borrows, in a type that claims to be Send.
template <class Question, class T, class... Fields, class... Stack>
struct ExplainExpression<of_claimed_fields<T, Fields...>, Question, T, Stack...>
    : ExplainExpression<of_fields<Question, T, Fields...>, Question, T, Stack...> {};

template <class Question, class T, class... Stack> struct ExplainAsked {
  static constexpr void into(Finding &finding) noexcept {
    if constexpr (sizeof...(Stack) > max_depth)
      end_here<Question, T>(finding, Answer::unknown, "it is nested too deeply");
    else
      ExplainExpression<derivation<Question, T>, Question, T, open_question<Question, T>, Stack...>::into(finding);
  }
};

template <class Question, class T> consteval Finding find_reason() noexcept {
  Finding finding;
  Explain<Question, T>::into(finding);
  return finding;
}
template <class Question, class T> inline constexpr Finding reason_for = find_reason<Question, T>();

constexpr void append_verdict(Line &out, Answer answer, std::string_view question) noexcept {
  if (answer == Answer::no)
    out << "is not " << question;
  else
    out << "is Unknown to ward::" << question;
}

constexpr void append_advice(Line &out, const Finding &finding) noexcept {
  if (finding.is_capturing) {
    out << "; pass it to spawn_checked(), for which Ward's analyser checks the captures";
    return;
  }
  if (finding.answer != Answer::unknown)
    return;
  out << "; if you can prove it, write `template <> inline constexpr bool ward::unsafe_impl_" << finding.claim << '<'
      << finding.type.view() << "> = true;`";
  if (finding.is_class)
    out << ", or list its fields: `WARD_DERIVE_SEND_SYNC(" << finding.type.view() << ", ...);`";
}

/// "Job is not Send: Job.cfg.cache is ward::Rc<Config>, which is not Send: its counter is not atomic"
template <class Question, class T> consteval Line make_sentence() noexcept {
  const Finding &finding = reason_for<Question, T>;
  Line line;
  line << type_name<std::remove_cv_t<T>> << ' ';
  append_verdict(line, answer<Question, T>, question_name<Question>());
  if (finding.path.size() != 0) {
    line << ": " << type_name<std::remove_cv_t<T>> << finding.path.view() << " is " << finding.type.view() << ", which ";
    append_verdict(line, finding.answer, finding.question);
  }
  line << ": " << finding.reason.view();
  append_advice(line, finding);
  return line;
}

} // namespace detail
WARD_NAMESPACE_END
