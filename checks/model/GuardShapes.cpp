// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/GuardShapes.h"

#include "model/LockEffects.h"
#include "model/SystemHeaders.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/RecursiveASTVisitor.h"

using namespace clang;

namespace ward {
namespace {

const CXXRecordDecl *lockClassOf(QualType Type) {
  if (!Type->isReferenceType() && !Type->isPointerType())
    return nullptr;
  const CXXRecordDecl *Class = Type->getPointeeType()->getAsCXXRecordDecl();
  return Class && Class->hasDefinition() ? Class->getDefinition() : nullptr;
}

/// \p Type refers or points to a lock.
bool leadsToLock(QualType Type, LockTypes &Types) {
  return (Type->isReferenceType() || Type->isPointerType()) && !Type->isFunctionPointerType() &&
         !Type->getPointeeType()->isPointerType() && Types.mutex(Type->getPointeeType());
}

/// \p Type is a number, an enumeration, a tag, a name, a duration: what says how to lock, or for whom.
bool isDetail(QualType Type) {
  Type = Type.getNonReferenceType();
  if (Type->isPointerType())
    return Type->getPointeeType()->isCharType() || Type->isVoidPointerType();
  if (Type->isScalarType())
    return true;
  const auto *Record = Type->getAsCXXRecordDecl();
  return Record && Record->hasDefinition() && (Record->isEmpty() || isLibraryCode(Record) || Record->isLiteral());
}

/// \p Record has a copy constructor that anybody can call.
bool isCopyable(const CXXRecordDecl *Record, unsigned Depth) {
  bool Declared = false;
  for (const CXXConstructorDecl *Constructor : Record->ctors())
    if (Constructor->isCopyConstructor()) {
      Declared = true;
      if (!Constructor->isDeleted() && Constructor->getAccess() != AS_private)
        return true;
    }
  if (Declared || Record->hasUserDeclaredMoveConstructor() || Record->hasUserDeclaredMoveAssignment())
    return false;
  for (const CXXBaseSpecifier &Base : Record->bases())
    if (const CXXRecordDecl *Class = Base.getType()->getAsCXXRecordDecl();
        Class && Class->hasDefinition() && Depth > 0 && !isCopyable(Class->getDefinition(), Depth - 1))
      return false;
  return true;
}

/// \p Method operates on the lock, or tells about it.
bool belongsToGuard(const CXXMethodDecl *Method) {
  if (Method->isImplicit() || Method->isDeleted() || Method->isStatic() || Method->getAccess() != AS_public ||
      isa<CXXConstructorDecl, CXXDestructorDecl, CXXConversionDecl>(Method) || Method->isOverloadedOperator())
    return true;
  if (conventionalEffect(Method->getName()) || annotatedEffect(Method) || possibleEffect(Method))
    return true;
  std::string Name = Method->getName().lower();
  return (Method->getReturnType()->isBooleanType() && Method->getNumParams() == 0) || Name == "release" ||
         Name == "reset" || Name == "relock" || Name == "swap" || Name == "mutex";
}

} // namespace

const CXXConstructorDecl *lockingConstructor(const CXXRecordDecl *Record, LockTypes &Types) {
  for (const CXXConstructorDecl *Constructor : Record->ctors()) {
    if (!Constructor->isUserProvided() || Constructor->isCopyOrMoveConstructor() || visibleDefinition(Constructor))
      continue;
    unsigned Locks = 0, Details = 0;
    for (const ParmVarDecl *Parameter : Constructor->parameters())
      if (leadsToLock(Parameter->getType(), Types) && lockClassOf(Parameter->getType()) != Record)
        ++Locks;
      else if (isDetail(Parameter->getType()))
        ++Details;
    if (Locks == 1 && Locks + Details == Constructor->getNumParams())
      return Constructor;
  }
  return nullptr;
}

bool isShapedAsGuard(const CXXRecordDecl *Record, LockTypes &Types) {
  const CXXDestructorDecl *Destructor = Record->getDestructor();
  if (!Destructor || !Destructor->isUserProvided() || visibleDefinition(Destructor) || Record->isPolymorphic() ||
      Record->isDependentContext() || isLibraryCode(Record) || Types.names().isInLibraryHeader(Record))
    return false;
  if (!llvm::all_of(Record->methods(), belongsToGuard))
    return false;
  for (const CXXBaseSpecifier &Base : Record->bases())
    if (const CXXRecordDecl *Class = Base.getType()->getAsCXXRecordDecl(); !Class || !Class->isEmpty())
      return false;
  for (const FieldDecl *Field : Record->fields()) {
    QualType Type = Field->getType();
    bool IsHandle = (Type->isPointerType() || Type->isReferenceType()) &&
                    (leadsToLock(Type, Types) || Type->isVoidPointerType() || !lockClassOf(Type));
    if (!IsHandle && !Type->isScalarType())
      return false;
  }
  const CXXConstructorDecl *Locking = lockingConstructor(Record, Types);
  if (!Locking)
    return false;
  bool IsInLock = llvm::any_of(Locking->parameters(), [&](const ParmVarDecl *Parameter) {
    const CXXRecordDecl *Lock = lockClassOf(Parameter->getType());
    return Lock && leadsToLock(Parameter->getType(), Types) && Lock->Encloses(Record);
  });
  return IsInLock || !isCopyable(Record, /*Depth=*/3);
}

/// Walks the functions of the unit, with the locks that are held at each place as the source shows it.
class ShapeUses::Scan : public RecursiveASTVisitor<Scan> {
  using Base = RecursiveASTVisitor<Scan>;

public:
  Scan(ASTContext &Context, LockTypes &Types, ShapeUses &Out)
      : Sources(Context.getSourceManager()), Types(Types), Out(Out) {}

  bool shouldVisitTemplateInstantiations() const { return true; }
  bool TraverseTypeLoc(TypeLoc, bool = true) { return true; }

  bool TraverseDecl(Decl *D) {
    if (!D || D->isImplicit() ||
        (D->getLexicalDeclContext()->isFileContext() && isInSystemHeader(D->getLocation(), Sources)))
      return true;
    if (!isa<FunctionDecl>(D))
      return Base::TraverseDecl(D);
    std::vector<Holder> Outer = std::exchange(Held, {});
    bool Result = Base::TraverseDecl(D);
    Held = std::move(Outer);
    return Result;
  }
  bool TraverseLambdaExpr(LambdaExpr *Lambda) {
    std::vector<Holder> Outer = std::exchange(Held, {});
    bool Result = Base::TraverseLambdaExpr(Lambda);
    Held = std::move(Outer);
    return Result;
  }
  bool TraverseCompoundStmt(CompoundStmt *Block) {
    std::vector<Holder> Outer = Held;
    bool Result = Base::TraverseCompoundStmt(Block);
    // What was locked by hand in the block may be held after it.
    llvm::erase_if(Held, [&](const Holder &One) { return One.Class && !llvm::is_contained(Outer, One); });
    return Result;
  }

  bool VisitVarDecl(VarDecl *Variable) {
    const auto *Record = Variable->isLocalVarDecl() ? Variable->getType()->getAsCXXRecordDecl() : nullptr;
    const auto *Construct =
        Record && Variable->getInit() ? dyn_cast<CXXConstructExpr>(stripped(Variable->getInit())) : nullptr;
    if (!Construct || !Record->hasDefinition())
      return true;
    Record = Record->getDefinition()->getCanonicalDecl();
    bool IsShape = isShape(Record);
    if (!IsShape && !Types.names().guard(Record) && Types.isInverseGuard(Record->getDefinition()) != false)
      return true;
    for (const Expr *Argument : llvm::ArrayRef(Construct->getArgs(), Construct->getNumArgs()))
      if (Types.mutex(Argument->getType()))
        if (std::optional<AccessPath> Path = pathOf(Argument, Types.names())) {
          if (IsShape &&
              llvm::any_of(Held, [&](const Holder &One) { return One.Class != Record && One.Mutex == *Path; }))
            Out.Nested.insert(Record);
          Held.push_back({Record, std::move(*Path)});
        }
    return true;
  }
  bool VisitCallExpr(CallExpr *Call) {
    std::optional<LockEffect> Effect = Call->isTypeDependent() ? std::nullopt : Types.effectOf(Call);
    if (!Effect)
      return true;
    for (const Expr *Object : Effect->Objects)
      if (std::optional<AccessPath> Path = pathOf(Object, Types.names())) {
        if (acquires(Effect->Effect))
          Held.push_back({nullptr, std::move(*Path)});
        else
          llvm::erase_if(Held, [&](const Holder &One) { return !One.Class && One.Mutex == *Path; });
      }
    return true;
  }

private:
  /// What holds a lock: an object of Class, or a call by hand.
  struct Holder {
    const CXXRecordDecl *Class;
    AccessPath Mutex;
    bool operator==(const Holder &) const = default;
  };

  bool isShape(const CXXRecordDecl *Record) {
    auto [It, New] = Shapes.try_emplace(Record, false);
    if (New) {
      bool Result = isShapedAsGuard(Record->getDefinition(), Types);
      Shapes[Record] = Result;
      return Result;
    }
    return It->second;
  }

  const SourceManager &Sources;
  LockTypes &Types;
  ShapeUses &Out;
  std::vector<Holder> Held;
  llvm::DenseMap<const CXXRecordDecl *, bool> Shapes;
};

ShapeUses::ShapeUses(ASTContext &Context, LockTypes &Types) {
  Scan Walk(Context, Types, *this);
  for (Decl *D : Context.getTraversalScope())
    if (auto *Unit = dyn_cast<TranslationUnitDecl>(D)) {
      for (Decl *Child : Unit->decls())
        Walk.TraverseDecl(Child);
    } else {
      Walk.TraverseDecl(D);
    }
}

LockTypes::LockTypes(CatalogIndex &Names) : Names(Names) {}
LockTypes::~LockTypes() = default;

const ShapeUses &LockTypes::usesOfShapes(ASTContext &Context) {
  if (!Shapes)
    Shapes = std::make_unique<ShapeUses>(Context, *this);
  return *Shapes;
}

} // namespace ward
