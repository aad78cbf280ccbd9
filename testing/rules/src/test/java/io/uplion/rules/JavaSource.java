// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.rules;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/// A Java file as the compiler reads it, for what lines alone do not tell.
final class JavaSource {
    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

    private JavaSource() {}

    /// @param line where its body begins
    /// @param lines of its body, braces included
    /// @param parameters 0 for a record's canonical constructor, which has no choice
    record Method(String name, long line, long lines, int parameters) {}

    /// The methods and constructors of many files, in their order.
    static List<List<Method>> methods(List<Path> files) {
        try (var manager = COMPILER.getStandardFileManager(null, null, null)) {
            var sources =
                    manager.getJavaFileObjectsFromPaths(
                            files.stream().map(Repository::absolute).toList());
            var task = (JavacTask) COMPILER.getTask(null, manager, _ -> {}, null, null, sources);
            var trees = Trees.instance(task);
            var found = new ArrayList<List<Method>>();
            for (var unit : task.parse()) {
                var scan = new Scan(unit, trees);
                scan.scan(unit, null);
                found.add(scan.methods);
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Scan extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final Trees trees;
        private final LineMap lines;
        private final List<Method> methods = new ArrayList<>();
        private final Set<MethodTree> canonical = new HashSet<>();

        Scan(CompilationUnitTree unit, Trees trees) {
            this.unit = unit;
            this.trees = trees;
            this.lines = unit.getLineMap();
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            if (type.getKind() == Tree.Kind.RECORD) {
                var components =
                        type.getMembers().stream()
                                .filter(VariableTree.class::isInstance)
                                .map(VariableTree.class::cast)
                                .filter(field -> !isStatic(field))
                                .count();
                type.getMembers().stream()
                        .filter(MethodTree.class::isInstance)
                        .map(MethodTree.class::cast)
                        .filter(method -> method.getName().contentEquals("<init>"))
                        .filter(method -> method.getParameters().size() == components)
                        .forEach(canonical::add);
            }
            return super.visitClass(type, nothing);
        }

        private static boolean isStatic(VariableTree field) {
            return field.getModifiers().getFlags().contains(Modifier.STATIC);
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            var positions = trees.getSourcePositions();
            var body = method.getBody() == null ? method : method.getBody();
            var from = positions.getStartPosition(unit, body);
            var to = positions.getEndPosition(unit, body);
            // The parser adds constructors that are not written; they have no place.
            if (from >= 0 && to >= 0) {
                var first = lines.getLineNumber(from);
                methods.add(
                        new Method(
                                method.getName().toString(),
                                first,
                                lines.getLineNumber(to) - first + 1,
                                canonical.contains(method) ? 0 : method.getParameters().size()));
            }
            return super.visitMethod(method, nothing);
        }
    }
}
