# Modification indices of ordered data, given exogenous variables, mixed, in groups. Run from this folder: Rscript sem_ordered_modification.R
source("lavaan_export.R")
b <- read.csv("data/bfi_merged.csv"); items <- c(paste0("N", 1:4), paste0("E", 1:3)); ne <- "Ne =~ N1 + N2 + N3 + N4\nEx =~ E1 + E2 + E3"
aggression <- read.csv("data/va.csv") # of sem_other_data.R
mods <- function(id, model, ordered, ..., data = "bfi_merged", rows = b) { f <- NULL
  for (control in TRIES) { a <- sem(model, rows, ordered = ordered, control = control, start = if (is.null(f) || any(parTable(f)$exo == 1)) "default" else f, ...); if (lavInspect(a, "converged")) f <- a }
  m <- as.data.frame(modindices(f)); names(m) <- gsub(".", "_", names(m), fixed = TRUE); if (is.null(m$group)) m$group <- 1; cat(id, "\n")
  list(id = id, data = data, model = model, options = list(ordered = ordered, ...), modification = m[, c("lhs", "op", "rhs", "group", "mi", "epc", "sepc_lv", "sepc_all")]) }
cases <- list(mods("mimic", paste0(ne, "\nNe ~ decades + gender\nEx ~ Ne"), items), mods("mixed", "Ne =~ N1 + N2 + N3 + N5\nEx =~ E1 + E2 + E4", c("N1", "N2", "N3", "E1", "E2")),
  mods("groups", "Ne =~ N1 + N2 + N3 + N4", items[1:4], group = "sex"), mods("theta_dwls", ne, items, parameterization = "theta", estimator = "DWLS"),
  mods("aggression", "want =~ S1WantCurse + S1WantScold + S2WantCurse + S2WantScold\ndo =~ S1DoCurse + S1DoScold + S2DoCurse + S2DoScold", names(aggression)[3:10], data = "va", rows = aggression))
write_oracle(cases, "sem_ordered_modification.json")
