// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.rules;

import com.sun.source.tree.BindingPatternTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.DeconstructionPatternTree;
import com.sun.source.tree.DefaultCaseLabelTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.PatternCaseLabelTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.ToolProvider;

/// Switches that tell the kinds of a sealed type apart, by their names: the files are parsed and
/// not compiled.
final class SealedSwitches {
    private SealedSwitches() {}

    /// @return the places of those that have a `default`
    static List<String> withDefault(List<Path> files) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var manager = compiler.getStandardFileManager(null, null, null)) {
            var sources =
                    manager.getJavaFileObjectsFromPaths(
                            files.stream().map(Repository::absolute).toList());
            var task = (JavacTask) compiler.getTask(null, manager, _ -> {}, null, null, sources);
            var units = new ArrayList<CompilationUnitTree>();
            task.parse().forEach(units::add);
            var kinds = kinds(units);
            var found = new ArrayList<String>();
            for (var unit : units) {
                new Scan(unit, kinds, found).scan(unit, null);
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The simple names of what implements a sealed type.
    private static Set<String> kinds(List<CompilationUnitTree> units) {
        var types = new ArrayList<ClassTree>();
        for (var unit : units) {
            new TreeScanner<Void, Void>() {
                @Override
                public Void visitClass(ClassTree type, Void nothing) {
                    types.add(type);
                    return super.visitClass(type, nothing);
                }
            }.scan(unit, null);
        }
        var sealed = new HashSet<String>();
        types.stream()
                .filter(type -> type.getModifiers().getFlags().contains(Modifier.SEALED))
                .forEach(type -> sealed.add(type.getSimpleName().toString()));
        var kinds = new HashSet<String>();
        types.stream()
                .filter(type -> above(type).anyMatch(sealed::contains))
                .forEach(type -> kinds.add(type.getSimpleName().toString()));
        return kinds;
    }

    private static Stream<String> above(ClassTree type) {
        return Stream.concat(
                        Stream.ofNullable(type.getExtendsClause()),
                        type.getImplementsClause().stream())
                .map(SealedSwitches::simpleName);
    }

    private static String simpleName(Tree type) {
        return type instanceof MemberSelectTree inner
                ? inner.getIdentifier().toString()
                : type.toString();
    }

    private static final class Scan extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final Set<String> kinds;
        private final List<String> found;

        Scan(CompilationUnitTree unit, Set<String> kinds, List<String> found) {
            this.unit = unit;
            this.kinds = kinds;
            this.found = found;
        }

        @Override
        public Void visitSwitch(SwitchTree tree, Void nothing) {
            look(tree.getExpression(), tree.getCases());
            return super.visitSwitch(tree, nothing);
        }

        @Override
        public Void visitSwitchExpression(SwitchExpressionTree tree, Void nothing) {
            look(tree.getExpression(), tree.getCases());
            return super.visitSwitchExpression(tree, nothing);
        }

        private void look(Tree of, List<? extends CaseTree> cases) {
            var labels = cases.stream().flatMap(one -> one.getLabels().stream()).toList();
            var tells =
                    labels.stream()
                            .filter(PatternCaseLabelTree.class::isInstance)
                            .map(label -> type(((PatternCaseLabelTree) label).getPattern()))
                            .anyMatch(kinds::contains);
            if (tells && labels.stream().anyMatch(DefaultCaseLabelTree.class::isInstance)) {
                found.add(unit.getSourceFile().getName() + ": switch " + of);
            }
        }

        private static String type(Tree pattern) {
            return switch (pattern) {
                case DeconstructionPatternTree parts -> simpleName(parts.getDeconstructor());
                case BindingPatternTree bound -> simpleName(bound.getVariable().getType());
                default -> "";
            };
        }
    }
}
