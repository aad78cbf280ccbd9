// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Users, their accounts and passwords. The door is [Users].
@NullMarked
package io.uplion.portal.identity;

import org.jspecify.annotations.NullMarked;
