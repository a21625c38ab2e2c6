// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/SendSync.h"

#include "model/Annotations.h"
#include "model/SharedCount.h"

#include "clang/AST/Attr.h"
#include "clang/AST/DeclTemplate.h"

using namespace clang;

namespace ward {
namespace {

/// Types nest this deep in no program that a person wrote; past it the answer is Unknown.
constexpr size_t MaxTypeDepth = 200;

ThreadAnswer answer(Verdict Is, QualType Culprit = {}, std::string Why = {}) { return {Is, {}, Culprit, std::move(Why)}; }

llvm::SmallVector<QualType, 4> typeArguments(QualType Type) {
  llvm::SmallVector<QualType, 4> Result;
  const auto *Specialisation = dyn_cast_or_null<ClassTemplateSpecializationDecl>(Type->getAsCXXRecordDecl());
  if (!Specialisation)
    return Result;
  for (const TemplateArgument &Argument : Specialisation->getTemplateArgs().asArray()) {
    ArrayRef<TemplateArgument> Elements(Argument);
    if (Argument.getKind() == TemplateArgument::Pack)
      Elements = Argument.getPackAsArray();
    for (const TemplateArgument &Element : Elements)
      if (Element.getKind() == TemplateArgument::Type)
        Result.push_back(Element.getAsType());
  }
  return Result;
}

bool isOpenBase(QualType Type) {
  const auto *Record = Type->getAsCXXRecordDecl();
  return Record && Record->hasDefinition() && Record->isPolymorphic() && !Record->isEffectivelyFinal();
}

/// Adds the verdict on one part to that on the whole: a No decides, an Unknown stays.
bool settles(ThreadAnswer &Whole, const ThreadAnswer &Part, const NamedDecl *Step) {
  if (Part.Is == Verdict::Yes || (Part.Is == Verdict::Unknown && Whole.Is == Verdict::Unknown))
    return false;
  Whole = Part;
  if (Step)
    Whole.Path.insert(Whole.Path.begin(), Step);
  return Part.no();
}

/// \p Behind, the answer for what a pointer that does not own it alone leads to, as the pointer's own.
ThreadAnswer across(ThreadAnswer Behind) {
  if (Behind.no() && Behind.IsMutable && ++Behind.Indirections > 1)
    Behind.Is = Verdict::Unknown;
  return Behind;
}

/// Declared anywhere inside namespace std, where the catalog knows what can be known.
bool isOfStd(const Decl &D) {
  for (const DeclContext *Context = D.getDeclContext(); Context; Context = Context->getParent())
    if (Context->isStdNamespace())
      return true;
  return false;
}

bool isLiteralTrue(const VarDecl *Variable) {
  const Expr *Init = Variable->getInit();
  const auto *Literal = Init ? dyn_cast<CXXBoolLiteralExpr>(stripped(Init)) : nullptr;
  return Literal && Literal->getValue();
}

} // namespace

SendSync::SendSync(ASTContext &Context, LockTypes &Types, PointerPolicy Policy) : Context(Context), Types(Types), Policy(Policy) {
  collectClaims();
}

void SendSync::collectClaims() {
  // ward::unsafe_impl_send<T> = true, wherever the unit says it.
  DeclContext::lookup_result Namespaces = Context.getTranslationUnitDecl()->lookup(&Context.Idents.get("ward"));
  for (NamedDecl *Found : Namespaces) {
    auto *Namespace = dyn_cast<NamespaceDecl>(Found);
    if (!Namespace)
      continue;
    for (Trait Which : {Trait::Send, Trait::Sync}) {
      auto &Known = Which == Trait::Send ? ClaimedSend : ClaimedSync;
      auto Claim = [&](const TemplateArgument &Argument, const VarDecl *Variable) {
        if (Argument.getKind() == TemplateArgument::Type)
          if (const TagDecl *Class = classOf(Argument.getAsType())) {
            Known[Class->getCanonicalDecl()] = isLiteralTrue(Variable);
            if (isLiteralTrue(Variable))
              Claims.push_back({Which, Argument.getAsType(), Variable});
          }
      };
      for (NamedDecl *Name : Namespace->lookup(&Context.Idents.get(Which == Trait::Send ? "unsafe_impl_send" : "unsafe_impl_sync"))) {
        auto *Template = dyn_cast<VarTemplateDecl>(Name);
        if (!Template)
          continue;
        for (const VarTemplateSpecializationDecl *Specialisation : Template->specializations())
          if (Specialisation->isExplicitSpecialization() && Specialisation->getTemplateArgs().size())
            Claim(Specialisation->getTemplateArgs()[0], Specialisation);
        llvm::SmallVector<VarTemplatePartialSpecializationDecl *, 4> Partials;
        Template->getPartialSpecializations(Partials);
        for (const VarTemplatePartialSpecializationDecl *Partial : Partials)
          Claim(Partial->getTemplateArgs()[0], Partial);
      }
      llvm::StringRef OfDerived = Which == Trait::Send ? "unsafe_impl_derived_send" : "unsafe_impl_derived_sync";
      for (NamedDecl *Name : Namespace->lookup(&Context.Idents.get(OfDerived)))
        if (auto *Template = dyn_cast<VarTemplateDecl>(Name))
          for (const VarTemplateSpecializationDecl *Specialisation : Template->specializations())
            if (Specialisation->isExplicitSpecialization() && Specialisation->getTemplateArgs().size() && isLiteralTrue(Specialisation) &&
                Specialisation->getTemplateArgs()[0].getKind() == TemplateArgument::Type)
              DerivedClaims.push_back({Which, Specialisation->getTemplateArgs()[0].getAsType(), Specialisation});
    }
  }
}

bool SendSync::isClaimedForDerived(Trait Which, const CXXRecordDecl *Base) const {
  return llvm::any_of(DerivedClaims, [&](const Claim &Other) {
    const TagDecl *Class = classOf(Other.Type);
    return Other.Which == Which && Class && Class->getCanonicalDecl() == Base->getCanonicalDecl();
  });
}

const ThreadAnswer &SendSync::ask(Trait Which, QualType Type) {
  static const ThreadAnswer Assumed, TooDeep = answer(Verdict::Unknown);
  Type = Type.getCanonicalType().getUnqualifiedType();
  Key Question{Type.getAsOpaquePtr(), Which};
  if (auto It = Answers.find(Question); It != Answers.end())
    return It->second;
  if (llvm::is_contained(Open, Question)) {
    AssumptionUsed = true;
    return Assumed;
  }
  if (Open.size() >= MaxTypeDepth)
    return TooDeep;
  Open.push_back(Question);
  bool Outer = AssumptionUsed;
  AssumptionUsed = false;
  ThreadAnswer Answer = derive(Which, Type);
  Open.pop_back();
  if (AssumptionUsed) {
    Provisional.push_back(Question);
    AssumptionFailed |= Answer.Is != Verdict::Yes;
  }
  const ThreadAnswer &Kept = Answers[Question] = std::move(Answer);
  AssumptionUsed |= Outer;
  if (Open.empty()) {
    // What rested on an assumption that failed is asked again when it is next needed; this answer itself stands, since
    // No and Unknown are found on real parts and never by assumption.
    if (AssumptionFailed)
      for (const Key &Other : Provisional)
        if (!(Other == Question))
          Answers.erase(Other);
    Provisional.clear();
    AssumptionUsed = AssumptionFailed = false;
  }
  return Kept;
}

ThreadAnswer SendSync::derive(Trait Which, QualType Type) {
  if (Type->isDependentType())
    return answer(Verdict::Unknown, Type);
  if (const auto *Reference = Type->getAs<ReferenceType>())
    return derivePointee(Which, Type, Reference->getPointeeType());
  if (Type->isFunctionPointerType() || Type->isMemberPointerType() || Type->isNullPtrType() || Type->isFunctionType())
    return {};
  if (Type->isPointerType())
    return derivePointee(Which, Type, Type->getPointeeType());
  if (const auto *Array = Context.getAsArrayType(Type))
    return ask(Which, Array->getElementType());
  if (Type->isAtomicType() || Type->isScalarType() || Type->isVectorType())
    return Type->isScalarType() && (Type->isBlockPointerType() || Type->isObjCObjectPointerType()) ? answer(Verdict::Unknown, Type)
                                                                                                   : ThreadAnswer{};
  if (const auto *Record = Type->getAsCXXRecordDecl())
    return deriveRecord(Which, Type, Record);
  return answer(Verdict::Unknown, Type);
}

ThreadAnswer SendSync::derivePointee(Trait, QualType Pointer, QualType Pointee) {
  if (Policy == PointerPolicy::Ignore || Pointee->isFunctionType())
    return {};
  if (Policy == PointerPolicy::Never)
    return answer(Verdict::No, Pointer, "which may point to an object that another thread uses");
  if (Pointee->isVoidType())
    return answer(Verdict::Unknown, Pointer);
  // The thread that it came from still has the object: what counts is whether both may use it.
  ThreadAnswer Target = ask(Trait::Sync, Pointee);
  if (Target.Is == Verdict::Yes && isOpenBase(Pointee) && !claimed(Trait::Sync, Pointee, Pointee->getAsCXXRecordDecl()) &&
      !isClaimedForDerived(Trait::Sync, Pointee->getAsCXXRecordDecl()))
    return answer(Verdict::Unknown, Pointee);
  return across(std::move(Target));
}

std::optional<ThreadAnswer> SendSync::claimed(Trait Which, QualType Type, const CXXRecordDecl *Record) {
  llvm::SmallVector<const Decl *, 2> Places{Record->getCanonicalDecl()};
  if (const auto *Specialisation = dyn_cast<ClassTemplateSpecializationDecl>(Record))
    Places.push_back(Specialisation->getSpecializedTemplate()->getTemplatedDecl()->getCanonicalDecl());
  const auto &Claims = Which == Trait::Send ? ClaimedSend : ClaimedSync;
  for (const Decl *Place : Places)
    if (auto It = Claims.find(Place); It != Claims.end())
      return It->second ? ThreadAnswer{}
                        : answer(Verdict::No, Type, Which == Trait::Send ? "which is declared not to be Send" : "which is declared not to be Sync");
  for (const Decl *Place : Places)
    for (const Decl *Redeclaration : Place->redecls()) {
      if (isAnnotated(Redeclaration, Which == Trait::Send ? "ward::not_send" : "ward::not_sync"))
        return answer(Verdict::No, Type, Which == Trait::Send ? "which is annotated as not Send" : "which is annotated as not Sync");
      if (isAnnotated(Redeclaration, Which == Trait::Send ? "ward::send" : "ward::sync"))
        return ThreadAnswer{};
    }
  return std::nullopt;
}

ThreadAnswer SendSync::deriveRecord(Trait Which, QualType Type, const CXXRecordDecl *Record) {
  if (std::optional<ThreadAnswer> Claim = claimed(Which, Type, Record))
    return *Claim;
  CatalogIndex &Names = Types.names();
  if (const TypeEntry *Entry = Names.type(Record))
    return apply(Which == Trait::Send ? Entry->Send : Entry->Sync, Which, Type, *Entry);
  if (Names.isAtomic(Record) || Names.condvar(Record))
    return {};
  const GuardType *Guard = Types.guard(Type);
  if (Guard && (Guard->Form == GuardType::Catalogued || Guard->Form == GuardType::Raii || Guard->Form == GuardType::Annotated))
    return answer(Verdict::No, Type, "whose lock must be released by the thread that acquired it");
  if (Names.mutex(Record))
    return {};
  if (!Record->hasDefinition() || Record->isInvalidDecl() || isOfStd(*Record))
    return answer(Verdict::Unknown, Type);
  return deriveParts(Which, Type, Record->getDefinition());
}

/// The answer for \p Type inside of a template: No for its parameter itself, which may be anything.
ThreadAnswer SendSync::askOfTemplate(Trait Which, QualType Type) {
  if (!Type->isDependentType())
    return ask(Which, Type);
  if (const ArrayType *Array = Context.getAsArrayType(Type))
    return askOfTemplate(Which, Array->getElementType());
  bool OwnsOne = Type->isTemplateTypeParmType();
  if (const auto *Specialisation = Type->getAs<TemplateSpecializationType>(); Specialisation && !Specialisation->isTypeAlias())
    if (const TypeEntry *Entry = Types.names().type(classOf(Type)); Entry && (Which == Trait::Send ? Entry->Send : Entry->Sync) == ThreadRule::Elements)
      OwnsOne = llvm::any_of(Specialisation->template_arguments(), [](const TemplateArgument &Argument) {
        return Argument.getKind() == TemplateArgument::Type && Argument.getAsType()->isTemplateTypeParmType();
      });
  return OwnsOne ? answer(Verdict::No, Type, "which may be any type; constrain the claim with ward::Send of that argument") : answer(Verdict::Unknown, Type);
}

ThreadAnswer SendSync::askFields(Trait Which, QualType Type) {
  const auto *Record = dyn_cast_or_null<CXXRecordDecl>(classOf(Type));
  if (!Record || !Record->hasDefinition())
    return answer(Verdict::Unknown, Type);
  if (Record->isDependentContext()) { // of a template, what is the same for all arguments
    ThreadAnswer Whole = answer(Verdict::Unknown, Type);
    for (const FieldDecl *Field : Record->getDefinition()->fields())
      if (settles(Whole, askOfTemplate(Which, Field->getType()), Field))
        break;
    return Whole;
  }
  return deriveParts(Which, Type.getCanonicalType().getUnqualifiedType(), Record->getDefinition());
}

ThreadAnswer SendSync::deriveParts(Trait Which, QualType Type, const CXXRecordDecl *Record) {
  if (hasNonAtomicRefCount(Record, Types))
    return answer(Verdict::No, Type, "whose reference count is not atomic");
  if (Types.mutex(Type))
    return {};

  // What is mutable further inside may be touched under the lock that the class has: who has such an object as a part can't
  // tell. Asked for the class itself, its own functions show it.
  bool HasLock = Which == Trait::Sync && llvm::any_of(Record->fields(), [&](const FieldDecl *Field) {
                   return Types.mutex(Field->getType()) != nullptr && !Field->getType()->isPointerType();
                 });
  ThreadAnswer Whole;
  for (const CXXBaseSpecifier &Base : Record->bases())
    if (settles(Whole, ask(Which, Base.getType()), Base.getType()->getAsCXXRecordDecl()))
      return Whole;
  for (const FieldDecl *Field : Record->fields()) {
    if (Which == Trait::Sync && isAnnotated(Field, "ward::not_shared"))
      continue; // its author says that no second thread gets at it
    ThreadAnswer Part = ask(Which, Field->getType());
    if (Part.no() && Part.BesideLock)
      Part.Is = Verdict::Unknown;
    Part.BesideLock = HasLock && Part.no() && Part.IsMutable;
    if (settles(Whole, Part, Field))
      return Whole;
    if (Which == Trait::Sync && Field->isMutable() && !Types.isSynchronised(Field->getType()) && Mutable) {
      ThreadAnswer Locked = Mutable(Field);
      Locked.IsMutable = true;
      if (settles(Whole, Locked, Field))
        return Whole;
    }
  }
  return Whole;
}

ThreadAnswer SendSync::apply(ThreadRule Rule, Trait Which, QualType Type, const TypeEntry &Entry) {
  switch (Rule) {
  case ThreadRule::Yes:
    return {};
  case ThreadRule::No:
    return answer(Verdict::No, Type, Entry.Why);
  case ThreadRule::Unknown:
    return answer(Verdict::Unknown, Type);
  default:
    break;
  }
  llvm::SmallVector<QualType, 4> Arguments = typeArguments(Type);
  bool OwnsByPointer = Entry.Shares || Types.names().isPointer(Type->getAsCXXRecordDecl());
  ThreadAnswer Whole;
  auto Settles = [&](const ThreadAnswer &Part) {
    bool Settled = settles(Whole, Entry.Shares ? across(Part) : Part, nullptr);
    Whole.ThroughShared |= Settled && Entry.Shares;
    return Settled;
  };
  for (unsigned I = 0; I != Arguments.size(); ++I) {
    if (!Entry.Arguments.empty() && !llvm::is_contained(Entry.Arguments, I))
      continue;
    bool Send = Rule == ThreadRule::IfSend || Rule == ThreadRule::IfBoth || (Rule == ThreadRule::Elements && Which == Trait::Send);
    bool Sync = Rule == ThreadRule::IfSync || Rule == ThreadRule::IfBoth || (Rule == ThreadRule::Elements && Which == Trait::Sync);
    if ((Send && Settles(ask(Trait::Send, Arguments[I]))) || (Sync && Settles(ask(Trait::Sync, Arguments[I]))))
      return Whole;
    // What the pointer leads to may be any class derived from its argument.
    if (OwnsByPointer && isOpenBase(Arguments[I]) && !claimed(Which, Arguments[I], Arguments[I]->getAsCXXRecordDecl()) &&
        !isClaimedForDerived(Which, Arguments[I]->getAsCXXRecordDecl()))
      Settles(answer(Verdict::Unknown, Arguments[I]));
  }
  return Whole;
}

std::string SendSync::print(llvm::StringRef Start, const std::vector<const NamedDecl *> &Path) {
  std::string Result = Start.str();
  for (const NamedDecl *Step : Path)
    if (isa<FieldDecl>(Step) && Step->getDeclName()) {
      if (!Result.empty())
        Result += '.';
      Result += Step->getNameAsString();
    }
  return Result;
}

} // namespace ward
