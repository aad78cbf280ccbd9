// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

import io.uplion.platform.identity.Principal.Role;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Path;
import io.vertx.openapi.mediatype.ContentAnalyserFactory;
import io.vertx.openapi.mediatype.MediaTypePredicate;
import io.vertx.openapi.mediatype.MediaTypeRegistration;
import io.vertx.openapi.mediatype.MediaTypeRegistry;
import io.vertx.openapi.mediatype.impl.DefaultMediaTypeRegistration;
import io.vertx.openapi.validation.RequestValidator;
import io.vertx.openapi.validation.ValidatableRequest;
import io.vertx.openapi.validation.ValidatedRequest;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The document as the door uses it: which operation a request asks for, who may, and whether it
/// has the form it must have.
final class Contract {
    private static final String EVERYONE = "everyone";

    private final OpenAPIContract contract;
    private final RequestValidator validator;
    private final Map<String, Rights> rights;

    /// Who may ask for an operation.
    sealed interface Rights {
        /// Also who has not signed in.
        record Open() implements Rights {}

        /// Whoever has signed in.
        record Everyone() implements Rights {}

        record OneOf(Set<Role> roles) implements Rights {}
    }

    private Contract(Vertx vertx, OpenAPIContract contract) {
        this.contract = contract;
        this.validator = RequestValidator.create(vertx, contract);
        this.rights =
                contract.operations().stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        Operation::getOperationId, Contract::rights));
    }

    static Contract of(Vertx vertx, ApiDocument document) {
        OpenAPIContract contract =
                OpenAPIContract.builder(vertx)
                        .setContract(document.json().copy())
                        .mediaTypeRegistry(mediaTypes())
                        .build()
                        .await();
        return new Contract(vertx, contract);
    }

    /// Requests are JSON, answers also something else.
    private static MediaTypeRegistry mediaTypes() {
        return MediaTypeRegistry.createEmpty()
                .register(MediaTypeRegistration.APPLICATION_JSON)
                .register(
                        new DefaultMediaTypeRegistration(
                                MediaTypePredicate.ofExactTypes(
                                        "application/problem+json",
                                        "text/csv",
                                        "text/event-stream"),
                                ContentAnalyserFactory.noop()));
    }

    private static Rights rights(Operation operation) {
        JsonArray named = operation.getOpenAPIModel().getJsonArray(ApiDocument.ROLES);
        if (named == null) {
            if (operation.getSecurityRequirements().isEmpty()) {
                return new Rights.Open();
            }
            throw new IllegalStateException(
                    operation.getOperationId() + " does not say who may ask for it");
        }
        if (named.equals(new JsonArray().add(EVERYONE))) {
            return new Rights.Everyone();
        }
        return new Rights.OneOf(
                named.stream()
                        .map(name -> Role.valueOf(name.toString().toUpperCase(Locale.ROOT)))
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /// @throws IllegalStateException where there is code for what the document does not know, or
    ///   none for what it does
    void requireIds(Set<String> coded) {
        Set<String> either = new HashSet<>(rights.keySet());
        either.addAll(coded);
        either.removeIf(id -> rights.containsKey(id) && coded.contains(id));
        if (!either.isEmpty()) {
            throw new IllegalStateException("in the document or in the code only: " + either);
        }
    }

    /// @throws ProblemException 404 or 405
    Operation find(HttpMethod method, String path) {
        Operation found = contract.findOperation(path, method);
        if (found != null) {
            return found;
        }
        Path known = contract.findPath(path);
        if (known == null) {
            throw ProblemException.notFound("path");
        }
        String allowed =
                known.getOperations().stream()
                        .map(operation -> operation.getHttpMethod().name())
                        .sorted()
                        .collect(Collectors.joining(", "));
        throw ProblemException.of(405, "method_not_allowed", "Allowed here: " + allowed + ".")
                .with("allow", allowed);
    }

    Rights rights(String operationId) {
        return Optional.ofNullable(rights.get(operationId)).orElseThrow();
    }

    /// Whether somebody may ask for it who must change his password first.
    boolean isFirst(String operationId) {
        return Optional.ofNullable(contract.operation(operationId))
                .map(operation -> operation.getOpenAPIModel().getBoolean(ApiDocument.FIRST, false))
                .orElse(false);
    }

    /// @throws ProblemException 400 with the field and what is wrong with it
    ValidatedRequest validate(ValidatableRequest request, String operationId) {
        try {
            return validator.validate(request, operationId).await();
        } catch (RuntimeException e) {
            throw Findings.problem(e);
        }
    }
}
