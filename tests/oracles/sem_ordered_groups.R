# Fits of ordered data in two groups. Run from this folder, after sem_ordered.R: Rscript sem_ordered_groups.R
source("lavaan_export.R")
suppressMessages(library(psych))
b <- read.csv("data/bfi_merged.csv")
items <- c(paste0("N", 1:4), paste0("E", 1:3))
ne <- "Ne =~ N1 + N2 + N3 + N4\nEx =~ E1 + E2 + E3"
g <- function(id, model, ...) one(id, "bfi_merged", model, b, list(ordered = items, group = "sex", ...))
one_factor <- "Ne =~ N1 + N2 + N3 + N4"
four <- function(id, model, ...) one(id, "bfi_merged", model, b, list(ordered = items[1:4], group = "sex", ...))
lt <- c("loadings", "thresholds")
cases <- list(
  g("group_configural", ne), g("group_loadings", ne, group.equal = "loadings"), g("group_delta", ne, group.equal = lt),
  g("group_theta", ne, group.equal = lt, parameterization = "theta"),
  four("group_thresholds", one_factor, group.equal = "thresholds"), four("group_thresholds_theta", one_factor, group.equal = "thresholds", parameterization = "theta"),
  four("group_strict_theta", one_factor, group.equal = c(lt, "residuals"), parameterization = "theta"),
  four("group_partial", one_factor, group.equal = lt, group.partial = c("N2|t1", "Ne=~N3")),
  four("group_pairwise_uls", one_factor, group.equal = lt, estimator = "ULSMV", missing = "pairwise"),
  four("group_means_equal", one_factor, group.equal = c(lt, "means", "lv.variances")),
  four("group_scales", "Ne =~ c(l,l)*N1 + N2 + N3 + N4\nN2 ~*~ c(1,NA)*N2\nN2 | c(a,a)*t1 + c(b,b)*t2"),
  one("group_mixed", "bfi_merged", "Ne =~ N1 + N2 + N3 + N5", b, list(ordered = c("N1", "N2", "N3"), group = "sex", group.equal = c("loadings", "thresholds", "intercepts"))))
write_oracle(cases, "sem_ordered_groups.json", psych = as.character(packageVersion("psych")))
