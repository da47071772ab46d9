# Refits of samples drawn with replacement, the rows given: FIML and least squares of ordered data. After sem_incomplete.R
# and sem_ordered.R, from this folder: Rscript sem_resampled.R
source("lavaan_export.R")
set.seed(20)
fitted_to <- function(model, d, options) { # the lowest of several runs, NULL where lavaan stops or does not converge
  best <- NULL
  for (control in TRIES) {
    again <- tryCatch(do.call("sem", c(list(model = model, data = d, control = control), options)), error = function(e) NULL)
    if (!is.null(again) && lavInspect(again, "converged") && (is.null(best) || again@optim$fx < best@optim$fx)) best <- again
  }
  best
}
free <- function(fit) { p <- parTable(fit); p <- p[p$free > 0, ]; list(name = paste0(p$lhs, p$op, p$rhs, "|", p$group), est = p$est) }
resampled <- function(id, data_name, model, options, times = 4L) {
  d <- read.csv(file.path("data", paste0(data_name, ".csv")))
  whole <- do.call("sem", c(list(model = model, data = d), options))
  used <- lavInspect(whole, "case.idx"); if (!is.list(used)) used <- list(used)
  some <- which(rowSums(!is.na(d[lavNames(whole)])) > 0); used <- lapply(used, intersect, some) # lavaan lists empty rows too
  drawn <- lapply(seq_len(times), function(r) unlist(lapply(used, function(own) sample(own, length(own), replace = TRUE))))
  found <- lapply(drawn, function(rows) { fit <- fitted_to(model, d[rows, ], options); if (is.null(fit)) NULL else free(fit)$est })
  cat(id, sum(!sapply(found, is.null)), "of", times, "\n")
  first <- free(whole)
  names(options) <- gsub(".", "_", names(options), fixed = TRUE)
  list(id = id, data = data_name, model = model, options = options, names = first$name, rows = drawn, estimates = lapply(found, function(e) if (is.null(e)) NA else e))
}
cfa3 <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
ne <- "Ne =~ N1 + N2 + N3 + N4\nEx =~ E1 + E2 + E3"
items <- c(paste0("N", 1:4), paste0("E", 1:3))
h <- function(id, model, ...) resampled(id, "hs1939_holes", model, list(missing = "fiml", ...))
o <- function(id, model, ordered, ...) resampled(id, "bfi_merged", model, list(ordered = ordered, ...))
cases <- list(
  h("fiml", paste0(cfa3, "\nspeed ~ b*visual + textual\ntextual ~ a*visual\nindirect := a*b")),
  h("fiml_exogenous", paste0(cfa3, "\nvisual + textual + speed ~ ageyr + sex")),
  h("fiml_groups", cfa3, group = "school", group.equal = c("loadings", "intercepts")),
  resampled("fiml_bfi", "bfi_incomplete", "Ne =~ N1 + N2 + N3 + N4\nEx =~ E1 + E2 + E3 + E4\nage ~ Ne + Ex", list(missing = "fiml", estimator = "MLR")),
  o("wlsmv", ne, items), o("theta", ne, items, parameterization = "theta"), o("ulsmv_pairwise", ne, items, estimator = "ULSMV", missing = "pairwise"),
  o("wlsmv_pairwise", ne, items, missing = "pairwise"),
  o("groups", ne, items, group = "sex", group.equal = "loadings"),
  o("groups_thresholds", "Ne =~ N1 + N2 + N3 + N4", items[1:4], group = "sex", group.equal = c("loadings", "thresholds")),
  o("mixed", "Ne =~ N1 + N2 + N3 + N5\nEx =~ E1 + E2 + E4", c("N1", "N2", "N3", "E1", "E2")),
  o("conditional", paste0(ne, "\nNe ~ gender\nEx ~ Ne + gender"), items),
  o("binary_outcome", paste0(ne, "\nEx ~ Ne\nA1 ~ Ne + Ex"), c(items, "A1")))
write_oracle(cases, "sem_resampled.json")
